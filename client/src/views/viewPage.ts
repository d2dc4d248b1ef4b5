/** The addresses of the files of a page. */
export interface ViewPageParts {
  /** The source of style sheets in the content security policy: the extension's own files. */
  readonly source: string
  readonly style: string
  readonly script: string
  /** Only scripts with this value run. It is different for each page. */
  readonly nonce: string
}

/**
 * The HTML of a page without its data. It contains no text of the workspace, and can load only the extension's own
 * files.
 */
export function viewPage({ source, style, script, nonce }: ViewPageParts): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="UTF-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${style}">
  <title>Istio Ambient Policy</title>
</head>
<body>
  <main id="view"></main>
  <script nonce="${nonce}" src="${script}"></script>
</body>
</html>`
}
