import type { PlacedDocument } from '../resources/readFile.js'
import type { Finding, Place } from '../rules/finding.js'
import type { Span } from '../text/lineIndex.js'
import { heredocDebris } from '../rules/yaml/heredoc-debris.js'
import { yamlSyntax } from '../rules/yaml/yaml-syntax.js'

/** Findings about a document's text rather than about an object. */
export function documentFindings(file: string, { serial, facts }: PlacedDocument): Finding[] {
  const place = (span: Span): Place => ({ kind: 'document', file, document: serial, span })
  const blank = { related: [], assumptions: [], tag: undefined }
  const debris = facts.debris.map((span): Finding => ({
    ...blank,
    rule: heredocDebris.name,
    level: heredocDebris.level,
    message:
      'This line is left over from a shell here-document: the file is not valid YAML with it.',
    place: place(span),
    fixes: [
      {
        title: 'Remove the here-document line',
        preferred: true,
        safe: true,
        edits: [{ op: 'delete-lines', file, document: serial, span }],
      },
    ],
  }))
  const syntax = facts.problems.map((problem): Finding => ({
    ...blank,
    rule: yamlSyntax.name,
    level: problem.isLimit === true ? 'information' : yamlSyntax.level,
    message: problem.message,
    place: place(problem.span),
    fixes: [],
  }))
  return [...debris, ...syntax]
}
