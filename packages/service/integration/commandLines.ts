/** A block of shell commands in a Markdown file, and the block after it: what it prints. */
export interface CommandLine {
  /** Line of the file, for people. */
  readonly line: number;
  readonly script: string;
  readonly printed: string | undefined;
  /** `json`, `text`, … */
  readonly language: string | undefined;
}

interface Block {
  readonly line: number;
  readonly language: string;
  readonly content: string;
}

/** The `sh` and `bash` blocks with curl in them, in their order. */
export function curlBlocksOf(markdown: string): readonly CommandLine[] {
  const blocks = fencedBlocks(markdown);
  return blocks.flatMap((block, index): CommandLine[] => {
    if (!isShell(block) || !/\bcurl\b/.test(block.content)) return [];
    const next = blocks[index + 1];
    const output = next === undefined || isShell(next) ? undefined : next;
    return [
      { line: block.line, script: block.content, printed: output?.content, language: output?.language },
    ];
  });
}

const isShell = ({ language }: Block): boolean => language === 'sh' || language === 'bash';

function fencedBlocks(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { line: number; language: string; lines: string[] } | undefined;
  markdown.split('\n').forEach((text, index) => {
    if (open === undefined) {
      const fence = /^```(\w+)/.exec(text);
      if (fence !== null) open = { line: index + 1, language: String(fence[1]), lines: [] };
    } else if (text === '```') {
      blocks.push({ line: open.line, language: open.language, content: open.lines.join('\n') });
      open = undefined;
    } else open.lines.push(text);
  });
  return blocks;
}

/**
 * Whether an answer is as it is shown: `…` in a text stands for anything, an object may hold members that are not shown,
 * and of an array that ends with `"…"` the rest.
 */
export function isAsShown(shown: unknown, actual: unknown): boolean {
  if (typeof shown === 'string' && typeof actual === 'string') return textPattern(shown).test(actual);
  if (shown === '…') return true;
  if (Array.isArray(shown) && Array.isArray(actual)) {
    const isOpen = shown.at(-1) === '…';
    const items = isOpen ? shown.slice(0, -1) : shown;
    const fits = isOpen ? actual.length >= items.length : actual.length === items.length;
    return fits && items.every((item, index) => isAsShown(item, actual[index]));
  }
  if (isRecord(shown) && isRecord(actual))
    return Object.entries(shown).every(([name, value]) => name in actual && isAsShown(value, actual[name]));
  return shown === actual;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textPattern = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split('…')
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
