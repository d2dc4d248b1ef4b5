import type { OriginalId } from '../resources/kustomize/patch.js'
import type { FileFacts } from '../resources/fileFacts.js'
import { NONE } from '../text/collections.js'

/** The objects of a file before any kustomization; empty if none changes them. */
export function originalsOf({ context, documents }: FileFacts): readonly OriginalId[] {
  return context.kustomizationPaths.length === 0
    ? NONE
    : documents.flatMap(({ facts }) => facts.kustomized?.originals ?? NONE)
}
