/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

/** HTML by template: what is put in is text and is escaped, unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...values: readonly (string | number | Html)[]): Html {
  const text = strings.map((part, at) => (at === 0 ? part : toHtml(values[at - 1]!) + part));
  return { html: text.join('') };
}

export const joined = (parts: readonly Html[]): Html => ({ html: parts.map((part) => part.html).join('') });

export const NOTHING: Html = { html: '' };

/** Text in which `code` stands between backticks, as in the descriptions of the document. */
export function prose(text: string): Html {
  return joined(
    text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : html`${part}`)),
  );
}

const toHtml = (value: string | number | Html): string =>
  typeof value === 'object'
    ? value.html
    : String(value).replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!);

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
