import type { Link, RequestLink } from './link.js'

/** What a page can open. The page knows only the numbers. */
export class Links {
  readonly places: (Link | RequestLink)[] = []

  /** Adds a place or a request. Returns its number as `{ link: 3 }`, or `{}` without one. */
  add(link: Link | RequestLink | null): { readonly link?: number } {
    return link === null ? {} : { link: this.places.push(link) - 1 }
  }
}
