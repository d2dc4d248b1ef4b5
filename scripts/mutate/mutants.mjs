// Finds the mutants of a source file in its syntax tree.
import ts from 'typescript'

/** Pairs of methods: a call of one becomes a call of the other. */
const SWAPPED = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['startsWith', 'endsWith'],
  ['endsWith', 'startsWith'],
])
/** Methods whose calls are removed: `x.filter(f)` becomes `x`. */
const LEFT_OUT = new Set(['filter', 'sort', 'reverse', 'toLowerCase', 'trim'])
const COMPARED = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, ['!==']],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, ['===']],
  [ts.SyntaxKind.LessThanToken, ['<=', '>=']],
  [ts.SyntaxKind.LessThanEqualsToken, ['<', '>']],
  [ts.SyntaxKind.GreaterThanToken, ['>=', '<=']],
  [ts.SyntaxKind.GreaterThanEqualsToken, ['>', '<']],
  [ts.SyntaxKind.PlusToken, ['-']],
  [ts.SyntaxKind.MinusToken, ['+']],
])
const LOGICAL = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])

/**
 * The mutants of a file, and a text of the file that contains all of them: `__M(id)` is true for the active mutant.
 *
 * @param firstId the id of the first mutant; the next ids follow.
 * @param options.onlyElements only elements of lists are left out.
 */
export function instrument(file, text, firstId, { onlyElements = false } = {}) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true)
  const mutants = []
  const alternatives = new Map()
  const before = new Map()
  const inside = new Map()

  const add = (node, change) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
    const mutant = {
      id: firstId + mutants.length,
      file,
      line: line + 1,
      within: nameAround(node),
      change,
    }
    mutants.push(mutant)
    return mutant.id
  }
  const replace = (node, replacement) => {
    if (continuesChain(node)) return
    const id = add(node, `${shorten(node.getText(source))} → ${shorten(replacement)}`)
    alternatives.set(node, [...(alternatives.get(node) ?? []), { id, replacement }])
  }
  const drop = (node) => before.set(node, add(node, `without ${shorten(node.getText(source))}`))
  const returnEarly = (body) => inside.set(body, add(body.parent, 'return at once'))

  const visit = (node) => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return
    if (
      ts.isImportDeclaration(node) ||
      ts.isExportDeclaration(node) ||
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node)
    )
      return
    if (onlyElements) leaveOutElements(node, { source, replace })
    else mutate(node, { source, replace, drop, returnEarly })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { mutants, text: print(source, { alternatives, before, inside }) }
}

function mutate(node, { source, replace, drop, returnEarly }) {
  const textOf = (other) => other.getText(source)
  if (ts.isConditionalExpression(node)) replace(node.condition, `!(${textOf(node.condition)})`)
  if (ts.isIfStatement(node)) {
    replace(node.expression, `!(${textOf(node.expression)})`)
    if (!node.elseStatement && ts.isBlock(node.parent)) drop(node)
  }
  if (ts.isExpressionStatement(node) && ts.isBlock(node.parent)) drop(node)
  if (ts.isBlock(node) && ts.isFunctionLike(node.parent) && node.statements.length > 0)
    returnEarly(node)
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.kind
    if (LOGICAL.has(operator)) {
      replace(node, textOf(node.left))
      replace(node, textOf(node.right))
    }
    for (const other of COMPARED.get(operator) ?? [])
      replace(node, `${textOf(node.left)} ${other} ${textOf(node.right)}`)
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    replace(node, textOf(node.operand))
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { name, expression } = node.expression
    const other = SWAPPED.get(name.text)
    if (other)
      replace(
        node,
        `${textOf(node).slice(0, name.getStart(source) - node.getStart(source))}${other}${textOf(node).slice(name.end - node.getStart(source))}`,
      )
    if (LEFT_OUT.has(name.text)) replace(node, textOf(expression))
  }
  leaveOutElements(node, { source, replace })
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) replace(node, '[]')
  if (ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property) || isTableEntry(property))
        replace(
          node,
          `{ ${node.properties
            .filter((other) => other !== property)
            .map(textOf)
            .join(', ')} }`,
        )
    }
  }
  mutateLiteral(node, replace, textOf)
}

function leaveOutElements(node, { source, replace }) {
  if (!ts.isArrayLiteralExpression(node) || node.elements.length < 2) return
  for (const element of node.elements)
    replace(
      node,
      `[${node.elements
        .filter((other) => other !== element)
        .map((other) => other.getText(source))
        .join(', ')}]`,
    )
}

function mutateLiteral(node, replace, textOf) {
  if (ts.isStringLiteral(node) && !isName(node)) replace(node, node.text === '' ? `'mutant'` : `''`)
  if ((ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) && !isName(node))
    replace(node, `'mutant'`)
  if (ts.isNumericLiteral(node) && !isName(node)) replace(node, String(Number(node.text) + 1))
  if (ts.isBigIntLiteral(node)) replace(node, `(${node.text} + 1n)`)
  if (node.kind === ts.SyntaxKind.TrueKeyword) replace(node, 'false')
  if (node.kind === ts.SyntaxKind.FalseKeyword) replace(node, 'true')
  if (ts.isRegularExpressionLiteral(node)) {
    const text = textOf(node)
    for (const other of new Set([
      text.replace(/^\/\^/, '/'),
      text.replace(/\$\/([a-z]*)$/, '/$1'),
      '/(?!)/',
    ]))
      if (other !== text) replace(node, other)
  }
}

/** An entry of a table with names of another system. */
function isTableEntry(property) {
  return ts.isPropertyAssignment(property) && ts.isStringLiteral(property.name)
}

/**
 * Texts that are not values: names of properties and queries, the argument of a query without an argument, and the
 * kind in `mesh.at`, which only sets its type.
 */
function isName(node) {
  const { parent } = node
  if (ts.isPropertyAssignment(parent) && parent.name === node) return true
  if (
    ts.isCallExpression(parent) &&
    parent.expression.getText() === 'mesh.get' &&
    ts.isStringLiteral(node) &&
    node.text === ''
  )
    return true
  if (
    ts.isCallExpression(parent) &&
    parent.expression.getText() === 'mesh.at' &&
    parent.arguments[0] === node
  )
    return true
  return (
    ts.isCallExpression(parent) &&
    ts.isIdentifier(parent.expression) &&
    parent.expression.text === 'query' &&
    parent.arguments[0] === node
  )
}

/** Parentheses would end an optional chain that continues after the node. */
function continuesChain(node) {
  return (
    ts.isOptionalChain(node) && ts.isOptionalChain(node.parent) && node.parent.expression === node
  )
}

/** The name of the nearest function or constant. */
function nameAround(node) {
  for (let at = node; at; at = at.parent) {
    if (
      (ts.isFunctionDeclaration(at) ||
        (ts.isVariableDeclaration(at) && at.parent.parent.parent === at.getSourceFile())) &&
      at.name &&
      ts.isIdentifier(at.name)
    )
      return at.name.text
  }
  return ''
}

function shorten(text) {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 160 ? `${line.slice(0, 157)}…` : line
}

/** The text with all mutants, inner ones first. */
function print(source, { alternatives, before, inside }) {
  const render = (node) => {
    const children = []
    ts.forEachChild(node, (child) => void children.push(child))
    children.sort((a, b) => a.getFullStart() - b.getFullStart())
    let text = ''
    let at = node.getStart(source)
    for (const child of children) {
      const start = child.getStart(source)
      if (start < at) continue
      text += source.text.slice(at, start) + render(child)
      at = child.end
    }
    text += source.text.slice(at, node.end)
    const early = inside.get(node)
    if (early !== undefined)
      text = text.replace('{', `{ if (__M(${early})) return undefined as never;`)
    for (const { id, replacement } of alternatives.get(node) ?? [])
      text = `(__M(${id}) ? (${replacement}) : (${text}))`
    const dropped = before.get(node)
    return dropped === undefined ? text : `if (!__M(${dropped})) { ${text} }`
  }
  return render(source)
}
