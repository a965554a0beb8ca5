import { Command } from 'commander';
import type { Finish } from '../exit.ts';

export function explainCommand(finish: Finish): Command {
  return new Command('explain')
    .description('what a metric, service, error code, component, event kind or parameter is')
    .argument('<word>', 'for example api.uptime, tunnel, unknown-zone, etcd, zoneOutage, node.gracePeriod')
    .action(async (word: string) => {
      const { explain } = await import('../explain/explain.ts');
      finish(explain(word));
    });
}
