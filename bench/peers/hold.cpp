// The hold model on std::priority_queue: a loop that pops the least event and calls its handler through a table.
// Usage: hold INCREMENTS PENDING BEGIN, then one line per instant to run to; answers each with "nanoseconds events".
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <queue>
#include <vector>

struct Event {
  int64_t time;
  uint64_t order;
  int32_t code;
  int32_t target;
};

struct Later {
  bool operator()(const Event& a, const Event& b) const {
    return a.time > b.time || (a.time == b.time && a.order > b.order);
  }
};

constexpr int32_t KINDS = 4;

class Engine {
 public:
  using Handler = void (*)(Engine&, int32_t);
  Handler handlers[KINDS];
  int64_t now = 0;
  uint64_t events = 0;

  explicit Engine(size_t pending) {
    std::vector<Event> storage;
    storage.reserve(pending + 1);
    queue_ = Queue(Later(), std::move(storage));
  }

  void after(int32_t code, int32_t target, int64_t delay) {
    queue_.push(Event{now + delay, sequence_++, code, target});
  }

  void run(int64_t until) {
    while (!queue_.empty() && queue_.top().time < until) {
      const Event event = queue_.top();
      queue_.pop();
      now = event.time;
      events++;
      handlers[event.code](*this, event.target);
    }
    now = until;
  }

 private:
  using Queue = std::priority_queue<Event, std::vector<Event>, Later>;
  Queue queue_;
  uint64_t sequence_ = 0;
};

static std::vector<int64_t> increments;
static size_t drawn = 0;

static int64_t draw() { return increments[drawn++ & (increments.size() - 1)]; }

template <int32_t KIND>
static void hold(Engine& engine, int32_t target) {
  engine.after((KIND + 1) % KINDS, target, draw());
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  std::ifstream file(argv[1]);
  for (int64_t value; file >> value;) increments.push_back(value);
  const int32_t pending = std::atoi(argv[2]);
  Engine engine(pending);
  engine.now = std::atoll(argv[3]);
  engine.handlers[0] = hold<0>;
  engine.handlers[1] = hold<1>;
  engine.handlers[2] = hold<2>;
  engine.handlers[3] = hold<3>;
  for (int32_t target = 0; target < pending; target++) engine.after(target % KINDS, target, draw());
  for (long long until; std::scanf("%lld", &until) == 1;) {
    const uint64_t before = engine.events;
    const auto from = std::chrono::steady_clock::now();
    engine.run(until);
    const auto spent = std::chrono::steady_clock::now() - from;
    std::printf("%lld %llu\n",
                static_cast<long long>(std::chrono::duration_cast<std::chrono::nanoseconds>(spent).count()),
                static_cast<unsigned long long>(engine.events - before));
    std::fflush(stdout);
  }
}
