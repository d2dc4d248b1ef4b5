import type { MeshPicture } from '@istio-ambient-policy/shared'
import { commands } from 'vscode'
import { drawPicture } from '../picture/drawPicture.js'
import { edgeInWords } from '../picture/pictureInWords.js'
import { EXPORTS } from './exports.js'
import type { Link } from './link.js'
import type { Links } from './links.js'
import type { PictureView } from './view.js'
import type { PanelContent } from './viewPanel.js'

export function pictureActions(): PanelContent['actions'] {
  return Object.fromEntries(EXPORTS.map(({ id }) => [id, () => commands.executeCommand(id)]))
}

/** A picture, its description in words, and the places that its parts open. */
export function picturePart(picture: MeshPicture<Link>, links: Links): PictureView {
  const parts = [
    ...picture.nodes.map(({ link }, index) => [`node ${index}`, links.add(link).link] as const),
    ...picture.edges.map(({ link }, index) => [`edge ${index}`, links.add(link).link] as const),
  ]
  const pictureLinks = Object.fromEntries(
    parts.flatMap(([part, link]) => (link === undefined ? [] : [[part, link]])),
  )
  return {
    drawing: drawPicture(picture),
    tall: drawPicture(picture, 'down'),
    words: picture.edges.map((edge, index) => {
      const link = pictureLinks[`edge ${index}`]
      return {
        text: edgeInWords(picture, edge),
        verdict: edge.verdict,
        ...(link === undefined ? {} : { link }),
      }
    }),
    links: pictureLinks,
  }
}
