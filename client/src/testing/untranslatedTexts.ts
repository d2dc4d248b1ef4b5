import ts from 'typescript'

/** Properties whose values are shown to the user, also if they are one word. */
const SHOWN =
  /^(label|title|description|detail|placeholder|placeHolder|prompt|subtitle|text|tooltip|heading|caption|message|aria-label)$/

/**
 * The texts of a source file that look as if a user sees them, and that are not an argument of
 * `l10n.t`. In templates, `{}` is written for a value.
 */
export function untranslatedTexts(code: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isLiteralTypeNode(node))
      return
    const isTranslated = ts.isCallExpression(node) && node.expression.getText() === 'l10n.t'
    const text = isName(node) ? undefined : textOf(node)
    if (text !== undefined && (looksShown(text) || (isShownValue(node) && /[a-z]/i.test(text))))
      found.push(text)
    // The values of a translated text can be texts too.
    if (isTranslated) node.arguments.slice(1).forEach(visit)
    else ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('file.ts', code, ts.ScriptTarget.Latest, true))
  return found
}

/** The first arguments of `l10n.t` that are not a literal: the tool that collects texts misses them. */
export function computedTexts(code: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'l10n.t') {
      const [first] = node.arguments
      if (first && !ts.isStringLiteral(first)) found.push(first.getText())
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('file.ts', code, ts.ScriptTarget.Latest, true))
  return found
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  return ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('{}')
    : undefined
}

/** Whether a node is the name of a property. */
function isName(node: ts.Node): boolean {
  if (ts.isSourceFile(node)) return false
  return ts.isPropertyAssignment(node.parent) && node.parent.name === node
}

function looksShown(text: string): boolean {
  return /[A-Za-z]/.test(text) && (/[^\s]\s+[^\s]/.test(text) || /^[A-Z][a-z]/.test(text))
}

function isShownValue({ parent }: ts.Node): boolean {
  return ts.isPropertyAssignment(parent) && SHOWN.test(parent.name.getText().replaceAll("'", ''))
}
