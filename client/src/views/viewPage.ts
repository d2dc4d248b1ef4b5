/** Where the page of a panel gets what it is made of. */
export interface ViewPageParts {
  /** What may be loaded besides the script: the extension's own files. */
  readonly source: string
  readonly style: string
  readonly script: string
  /** Known to this page only: a script without it does not run. */
  readonly nonce: string
}

/** The page without its data: nothing in it depends on a file of the workspace, and it can reach nothing but the extension's own style and script. */
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
