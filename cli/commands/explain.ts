import { Command } from 'commander';
import type { Finish } from '../exit.ts';

export function explainCommand(finish: Finish): Command {
  return new Command('explain')
    .description('what a metric, service, error code, component, event kind, parameter or key of a file is')
    .argument(
      '[word]',
      'none lists all names; for example api.uptime, tunnel, unknown-zone, etcd, zoneOutage, node.gracePeriod',
    )
    .addHelpText('after', WHERE)
    .action(async (word: string | undefined) => {
      const { explain } = await import('../explain/explain.ts');
      finish(explain(word));
    });
}

const WHERE = `
Without a word, every name but keys of files is listed. The same as pages: docs/metrics.md, docs/events.md, docs/parameters.md,
docs/components.md, docs/errors.md, docs/versions.md, docs/schema.md.`;
