import type { MeshPicture, MeshTreeItem, PlaceLink } from '@istio-ambient-policy/shared'
import { Links } from './links.js'
import { EXPORTS, pictureActions, picturePart } from './picturePart.js'
import type { Cell, View } from './view.js'
import type { PanelContent } from './viewPanel.js'

type Item = MeshTreeItem<PlaceLink>

/** The page of a namespace: the access to each of its Services and workloads, and all connections as a picture. */
export function connectionsView(
  namespace: string,
  items: readonly Item[],
  picture: MeshPicture<PlaceLink>,
): PanelContent {
  const links = new Links()
  const subjects = items.filter(
    ({ kind, verdict }) => (kind === 'service' || kind === 'workload') && verdict !== null,
  )
  const limits = subjects.flatMap(({ children }) =>
    children
      .filter(({ kind, description }) => kind === 'verdict' && description !== '')
      .map(({ description }) => `${description}.`),
  )
  const view: View = {
    kind: 'connections',
    title: `Connections of ${namespace}`,
    heading: picture.title,
    actions: EXPORTS,
    tables:
      subjects.length === 0
        ? []
        : [
            {
              caption: 'Access',
              columns: ['Target', 'Path', 'Policies', 'Access'],
              rows: subjects.map((subject) => rowOf(subject, links)),
            },
          ],
    notes: [
      {
        heading: 'Assumptions',
        texts: ['These files are the complete mesh.', ...new Set(limits)],
      },
    ],
    ...picturePart(picture, links),
  }
  return { view, places: links.places, picture, actions: pictureActions() }
}

function rowOf({ kind, label, children, link, verdict }: Item, links: Links): Cell[] {
  const policies = children
    .filter((child) => child.kind === 'policy')
    .map((policy): Cell => ({
      text: policy.label,
      ...links.add(policy.link),
      more: [{ text: policy.description }],
    }))
  const [first, ...more] = policies
  const text = children.find((child) => child.kind === 'verdict')?.label ?? ''
  return [
    {
      text: label,
      ...links.add(link),
      more: [{ text: kind === 'service' ? 'Service' : 'workload, at its own address' }],
    },
    { text: children.find((child) => child.kind === 'waypoint')?.label ?? 'no waypoint' },
    first
      ? {
          ...first,
          more: [
            ...(first.more ?? []),
            ...more.flatMap(({ more: lines = [], ...cell }) => [cell, ...lines]),
          ],
        }
      : { text: 'none' },
    verdict === null ? { text } : { text, verdict },
  ]
}
