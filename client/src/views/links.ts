import type { Link } from './link.js'

/** Numbers the places that a page can open. */
export class Links {
  readonly places: Link[] = []

  /** `{ link: 3 }`, or nothing where there is no place. */
  add(link: Link | null): { readonly link?: number } {
    return link === null ? {} : { link: this.places.push(link) - 1 }
  }
}
