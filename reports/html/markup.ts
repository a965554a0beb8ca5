/**
 * Markup that cannot be mixed up with text: values put into an `html` template are escaped unless they are markup
 * themselves. There is no other way to make a page here, so no name from a scenario can become a tag.
 */
import { escapeHtml } from './escape.ts';

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Part[];

/** ``html`<b>${name}</b>` ``: lists are joined, strings and numbers escaped. */
export function html(fixed: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = fixed[0]!;
  parts.forEach((part, i) => {
    text += partText(part) + fixed[i + 1]!;
  });
  return new Markup(text);
}

export const nothing = new Markup('');

function partText(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(partText).join('');
  return escapeHtml(String(part));
}
