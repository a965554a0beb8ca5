import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hcpsim } from './testing.ts';

const README = readFileSync('README.md', 'utf8');

/** The fenced blocks of a language, without their fences. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1]!,
  );
}

/** Commands of the program that the README shows, without comments and pipes. */
const commands = blocks('sh')
  .flatMap((block) => block.split('\n'))
  .map((line) => line.replace(/#.*/, '').replace(/\|.*/, '').trim())
  .filter((line) => line.startsWith('npx hcpsim '))
  .map((line) => line.slice('npx hcpsim '.length));

describe('README', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'hcpsim-readme-'));
    writeFileSync(join(home, 'my.yaml'), blocks('yaml')[0]!);
    cpSync('scenarios/library', join(home, 'scenarios/library'), { recursive: true });
    symlinkSync(join(process.cwd(), 'scenarios/fleets'), join(home, 'scenarios/fleets'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('shows commands', () => expect(commands.length).toBeGreaterThan(8));

  it.each(commands)('hcpsim %s works as shown', async (line) => {
    const args = line.split(/\s+/);
    const { code, stdout, stderr } = await hcpsim(args, { cwd: home });
    expect(code, stderr).toBe(0);
    expect(stdout).not.toBe('');
  });

  it('shows results that come out', async () => {
    const { stdout } = await hcpsim(['run', 'scenarios/library/worker-loss.yaml'], { cwd: home });
    for (const shown of blocks('text')) expect(stdout).toContain(shown);
  });

  it('links only to what exists', () => {
    for (const [, target] of README.matchAll(/\]\(([^)#]+)\)/g)) {
      const path = join(process.cwd(), target!);
      expect(() => readFileSync(path), target).not.toThrow();
    }
    expect(readdirSync('docs').length).toBeGreaterThan(4);
  });
});
