import type { OpenApiDocument } from './document.ts';

interface Shown {
  readonly method: string;
  readonly path: string;
  readonly operation: PageOperation;
}

interface PageOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly object[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description: string;
  }[];
  readonly requestBody?: { readonly description: string; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

type Content = Readonly<
  Record<string, { readonly schema: object; readonly examples?: Readonly<Record<string, Example>> }>
>;
interface Example {
  readonly summary: string;
  readonly value: unknown;
}

/** The document as one page of HTML without scripts: each operation with a command line to try it, then the schemas. */
export function documentationPage(document: OpenApiDocument): string {
  const { title, version, description } = document.info as Record<
    'title' | 'version' | 'description',
    string
  >;
  const shown = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(
      ([method, operation]): Shown => ({
        method,
        path,
        operation: operation as unknown as PageOperation,
      }),
    ),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} ${escaped(version)}</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<header><h1>${escaped(title)} <small>${escaped(version)}</small></h1>
<p>${prose(description)}</p>
<p>The same for programs: <a href="/openapi.json">OpenAPI 3.1</a>.</p></header>
<nav>${document.tags.map(({ name }) => `<a href="#${anchor(name)}">${escaped(name)}</a>`).join(' ')} <a href="#schemas">Schemas</a></nav>
<main>
${document.tags.map((tag) => section(tag, shown)).join('\n')}
<section><h2 id="schemas">Schemas</h2>
${Object.entries(document.components.schemas)
  .map(
    ([name, schema]) =>
      `<details id="${anchor(name)}"><summary>${escaped(name)}</summary>${code(schema)}</details>`,
  )
  .join('\n')}
</section>
</main>
</body>
</html>
`;
}

function section(
  { name, description }: { name: string; description: string },
  all: readonly Shown[],
): string {
  const own = all.filter(({ operation }) => operation.tags.includes(name));
  return `<section><h2 id="${anchor(name)}">${escaped(name)}</h2><p>${prose(description)}</p>
${own.map(article).join('\n')}</section>`;
}

function article({ method, path, operation }: Shown): string {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const example = exampleOf(requestBody?.content);
  return `<details class="operation" id="${anchor(operationId)}">
<summary><b class="${method}">${method.toUpperCase()}</b> <code>${escaped(path)}</code> ${escaped(summary)}</summary>
${description === undefined ? '' : `<p>${prose(description)}</p>`}
${code(curlOf({ method, path, operation }, example))}
${table(
  ['Parameter', 'In', ''],
  parameters.map((parameter) => [
    `<code>${escaped(parameter.name)}</code>${parameter.required === true ? '*' : ''}`,
    parameter.in,
    prose(parameter.description),
  ]),
)}
${requestBody === undefined ? '' : `<h4>Body</h4><p>${prose(requestBody.description)} ${schemasOf(requestBody.content)}</p>`}
${table(
  ['Status', '', 'Body'],
  Object.entries(responses).map(([status, answer]) => [
    status,
    prose(answer.description),
    schemasOf(answer.content) || 'none',
  ]),
)}
</details>`;
}

interface BodyExample {
  readonly type: string;
  readonly value: unknown;
}

function exampleOf(content: Content | undefined): BodyExample | undefined {
  for (const [type, { examples = {} }] of Object.entries(content ?? {})) {
    const [first] = Object.values(examples);
    if (first !== undefined) return { type, value: first.value };
  }
  return undefined;
}

function curlOf({ method, path, operation }: Shown, body: BodyExample | undefined): string {
  const user = operation.security.length === 0 ? '' : ' -u devops:foobar';
  const verb =
    method === 'get' || (method === 'post' && body !== undefined) ? '' : ` -X ${method.toUpperCase()}`;
  const text = typeof body?.value === 'string' ? body.value : JSON.stringify(body?.value, null, 2);
  const data = body === undefined ? '' : ` -H 'Content-Type: ${body.type}' -d '${text}'`;
  return `curl -s${user}${verb} http://127.0.0.1:8080${path}${data}`;
}

function schemasOf(content: Content | undefined): string {
  return Object.entries(content ?? {})
    .map(([type, { schema }]) => `<code>${escaped(type)}</code> ${namesIn(schema).map(linkTo).join(', ')}`)
    .join('; ');
}

const namesIn = (schema: object): readonly string[] => [
  ...new Set(
    [...JSON.stringify(schema).matchAll(/#\/components\/schemas\/([^"]+)/g)].map((match) => String(match[1])),
  ),
];

const linkTo = (name: string): string => `<a href="#${anchor(name)}">${escaped(name)}</a>`;
const code = (value: unknown): string =>
  `<pre><code>${escaped(typeof value === 'string' ? value : JSON.stringify(value, null, 2))}</code></pre>`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const cells = (tag: string, row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${cells('th', head)}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table>`;
}

/** Text with `code` in it. */
const prose = (text: string): string => escaped(text).replaceAll(/`([^`]*)`/g, '<code>$1</code>');
const anchor = (name: string): string => name.replaceAll(/[^A-Za-z0-9.-]/g, '-');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
