/** The command line as commander sees it: names, options and help of every command, none of their work. */
import { Command, CommanderError } from 'commander';
import { version } from '../package.json' with { type: 'json' };
import { assumptionsCommand } from './commands/assumptions.ts';
import { explainCommand } from './commands/explain.ts';
import { initCommand } from './commands/init.ts';
import { listCommand } from './commands/list.ts';
import { matrixCommand } from './commands/matrix.ts';
import { planUpgradeCommand } from './commands/plan-upgrade.ts';
import { replayCommand } from './commands/replay.ts';
import { runCommand } from './commands/run.ts';
import { schemaCommand } from './commands/schema.ts';
import { swarmCommand } from './commands/swarm.ts';
import { validateCommand } from './commands/validate.ts';
import { verifyCommand } from './commands/verify.ts';
import { EXIT, type ExitCode, type Finish } from './exit.ts';

const COMMANDS: readonly ((finish: Finish) => Command)[] = [
  runCommand,
  validateCommand,
  matrixCommand,
  planUpgradeCommand,
  verifyCommand,
  replayCommand,
  listCommand,
  explainCommand,
  assumptionsCommand,
  schemaCommand,
  initCommand,
];

/**
 * Parses arguments and runs the command they name.
 * @param args without the program itself
 * @returns the exit code; errors of usage are told on stderr by commander
 */
export async function runProgram(args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = new Command('hcpsim')
    .description(
      'Simulates fleets of OpenShift hosted control planes: what breaks them, for how long and why.',
    )
    .version(version)
    .showHelpAfterError('(hcpsim --help tells how)');
  const finish: Finish = (result) => {
    code = result;
  };
  for (const command of COMMANDS) program.addCommand(command(finish));
  program.addCommand(swarmCommand(finish), { hidden: true });
  overrideExit(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return code;
}

/** Commander ends the process by itself, with 1, unless told otherwise for every command. */
function overrideExit(program: Command): void {
  program.exitOverride();
  for (const command of program.commands) command.copyInheritedSettings(program);
}
