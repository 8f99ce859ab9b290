/** A canvas on a Leaflet map with a plain plan under it: metres, y downward. */
import L from 'leaflet'

/** How metres become pixels of the canvas: `x * scale + left`, `y * scale + top`. */
export interface View {
  scale: number
  left: number
  top: number
  width: number
  height: number
}

export type Paint = (ctx: CanvasRenderingContext2D, view: View) => void

/** Beyond the edges of the screen, as a share of it: so far a plan can be dragged before it is drawn anew. */
const MARGIN = 0.2
const MOST_PIXELS = 14_000_000

/** Redraws itself whenever the map comes to rest, and while it is dragged beyond what is drawn. */
export class Paper extends L.Layer {
  private readonly canvas = L.DomUtil.create('canvas', 'leaflet-zoom-animated plan-paper')
  private readonly ctx = this.canvas.getContext('2d')!
  private corner = L.point(0, 0)
  private centre = L.latLng(0, 0)
  private zoom = 0
  private asked = 0
  /** Of this canvas on the screen, px: what `place` gives back. */
  view: View = { scale: 1, left: 0, top: 0, width: 1, height: 1 }

  constructor(private readonly paint: Paint) {
    super()
  }

  override onAdd(map: L.Map): this {
    map.getPane('overlayPane')!.append(this.canvas)
    this.redraw()
    return this
  }

  override onRemove(): this {
    cancelAnimationFrame(this.asked)
    this.canvas.remove()
    return this
  }

  override getEvents(): { [name: string]: L.LeafletEventHandlerFn } {
    return {
      moveend: () => this.redraw(),
      move: () => this.dragged(),
      viewreset: () => this.redraw(),
      resize: () => this.redraw(),
      zoomanim: (event) => this.stretch((event as L.ZoomAnimEvent).center, (event as L.ZoomAnimEvent).zoom),
      zoom: () => this.stretch(this._map.getCenter(), this._map.getZoom()),
    }
  }

  /** Draw with the next picture of the screen, however often it is asked for. */
  soon(): void {
    cancelAnimationFrame(this.asked)
    this.asked = requestAnimationFrame(() => this.redraw())
  }

  redraw(): void {
    const map = this._map
    if (!map) return
    const size = map.getSize()
    const dense = Math.min(devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / (size.x * size.y * (1 + 2 * MARGIN) ** 2)))
    this.corner = map.containerPointToLayerPoint(size.multiplyBy(-MARGIN)).round()
    this.centre = map.getCenter()
    this.zoom = map.getZoom()
    const [width, height] = [Math.ceil(size.x * (1 + 2 * MARGIN)), Math.ceil(size.y * (1 + 2 * MARGIN))]
    if (this.canvas.width !== Math.ceil(width * dense) || this.canvas.height !== Math.ceil(height * dense)) {
      this.canvas.width = Math.ceil(width * dense)
      this.canvas.height = Math.ceil(height * dense)
      this.canvas.style.width = `${width}px`
      this.canvas.style.height = `${height}px`
    }
    L.DomUtil.setTransform(this.canvas, this.corner, 1)
    const zero = map.latLngToLayerPoint([0, 0]).subtract(this.corner)
    this.view = { scale: map.getZoomScale(this.zoom, 0), left: zero.x, top: zero.y, width, height }
    this.ctx.setTransform(dense, 0, 0, dense, 0, 0)
    this.ctx.clearRect(0, 0, width, height)
    this.paint(this.ctx, this.view)
  }

  /** Where a point of the map's window lies on this canvas, px. */
  place(point: L.Point): L.Point {
    return this._map.containerPointToLayerPoint(point).subtract(this.corner)
  }

  private dragged(): void {
    const gone = this._map.containerPointToLayerPoint([0, 0]).subtract(this.corner)
    const size = this._map.getSize().multiplyBy(MARGIN)
    if (this.zoom === this._map.getZoom() && (Math.abs(gone.x - size.x) > size.x * 0.9 || Math.abs(gone.y - size.y) > size.y * 0.9)) this.soon()
  }

  /** What is drawn grows or shrinks with the zoom until it is drawn anew. */
  private stretch(centre: L.LatLng, zoom: number): void {
    const map = this._map
    const scale = map.getZoomScale(zoom, this.zoom)
    const half = map.getSize().multiplyBy(0.5 + MARGIN)
    const origin = map.project(centre, zoom).subtract(map.getSize().divideBy(2)).add(panOf(map)).round()
    const offset = half.multiplyBy(-scale).add(map.project(this.centre, zoom)).subtract(origin)
    L.DomUtil.setTransform(this.canvas, offset, scale)
  }
}

/** As Leaflet's own renderers count: how far the map's pane has been dragged. */
function panOf(map: L.Map): L.Point {
  return L.DomUtil.getPosition(map.getPane('mapPane')!) ?? L.point(0, 0)
}
