"""The hold model on SimPy, written the way its tutorial writes models: one process per pending event.

Runs on SimPy 3 and 4 (module `simpy`), else on SimPy 2 (module `SimPy`, what some distributions still package).
Usage: hold.py INCREMENTS PENDING BEGIN prints the version, then answers each line that holds an instant to run to by
"nanoseconds events".
"""

import sys
import time

with open(sys.argv[1], encoding="ascii") as file:
    increments = [int(line) for line in file]
mask = len(increments) - 1
pending = int(sys.argv[2])
begin = int(sys.argv[3])
drawn = 0
events = 0


def with_simpy(simpy):
    env = simpy.Environment(initial_time=begin)

    def entity():
        global drawn, events
        while True:
            increment = increments[drawn & mask]
            drawn += 1
            yield env.timeout(increment)
            events += 1

    for _ in range(pending):
        env.process(entity())
    return simpy.__version__, lambda until: env.run(until=until)


def with_simpy_2():
    import SimPy
    from SimPy.Simulation import Process, Simulation, hold

    class Entity(Process):
        def live(self):
            global drawn, events
            while True:
                increment = increments[drawn & mask]
                drawn += 1
                yield hold, self, increment
                events += 1

    sim = Simulation()
    sim.initialize()
    sim.simulate(until=begin)
    for _ in range(pending):
        entity = Entity(sim=sim)
        sim.activate(entity, entity.live(), at=begin)

    def run(until):
        # A finished simulate() leaves the simulation stopped; this is what initialize() does to start one.
        sim._stop = False
        # Its `until` is inclusive, and times here are integers.
        sim.simulate(until=until - 1)

    return SimPy.__version__, run


def main():
    try:
        import simpy
    except ImportError:
        version, run = with_simpy_2()
    else:
        version, run = with_simpy(simpy)
    print(version, flush=True)
    for line in sys.stdin:
        before = events
        start = time.perf_counter_ns()
        run(int(line))
        print(time.perf_counter_ns() - start, events - before, flush=True)


main()
