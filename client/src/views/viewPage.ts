import { PRODUCT_NAME } from '@istio-ambient-policy/shared'
import type { PageWords } from './pageWord.js'

/** The addresses of the files of a page, its language and its texts. */
export interface ViewPageParts {
  /** The source of style sheets in the content security policy: the extension's own files. */
  readonly source: string
  readonly style: string
  readonly script: string
  /** Only scripts with this value run. It is different for each page. */
  readonly nonce: string
  /** Such as `en`. */
  readonly language: string
  readonly words: PageWords
}

/**
 * The HTML of a page without its data. It contains no text of the workspace, and can load only the extension's own
 * files.
 */
export function viewPage({ source, style, script, nonce, language, words }: ViewPageParts): string {
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(language)}">
<head>
  <meta charset="UTF-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${style}">
  <title>${PRODUCT_NAME}</title>
</head>
<body>
  <main id="view" data-words="${escapeAttribute(JSON.stringify(words))}"></main>
  <script nonce="${nonce}" src="${script}"></script>
</body>
</html>`
}

function escapeAttribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
