/**
 * `<province-map data-src data-tiles data-bounds>`: the province on our own base map. Its content is the map drawn by
 * the server, which stays where the browser has no WebGL. Hoàng Sa and Trường Sa are layers that nothing switches off,
 * and an inset names them when they lie outside the extent.
 */
import * as maplibregl from "maplibre-gl";

declare const pmtiles: { Protocol: new () => { tile: maplibregl.AddProtocolAction } };

const FONT = ["Inter Variable"];
const POLL = 60_000;
const THINGS: Record<string, maplibregl.FilterSpecification> = {
  stations: ["==", ["get", "kind"], "station"],
  "station-words": ["==", ["get", "kind"], "station"],
  events: [">", ["get", "priority"], 0],
  "event-words": [">", ["get", "priority"], 0],
};
const SHAPES = ["match", ["get", "priority"], 1, "▲", 2, "◆", "●"];

function hasWebGL(): boolean {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

class ProvinceMap extends HTMLElement {
  private map?: maplibregl.Map;
  private timer = 0;
  // The live layer morphs the list beside the map; what changed there has changed here.
  private readonly listWatch = new MutationObserver(() => void this.refresh());

  connectedCallback(): void {
    this.addEventListener("change", this.switchLayer);
    if (hasWebGL()) void this.start();
  }

  disconnectedCallback(): void {
    this.removeEventListener("change", this.switchLayer);
    window.clearInterval(this.timer);
    this.listWatch.disconnect();
    this.map?.remove();
    this.map = undefined;
  }

  private async start(): Promise<void> {
    // Letters are drawn from web fonts: both subsets must be there before the first label.
    await Promise.all(["Ă Ễ", "Ag"].map((text) => document.fonts.load(`500 16px "${FONT[0]}"`, text)));
    maplibregl.addProtocol("pmtiles", new pmtiles.Protocol().tile);
    const canvas = document.createElement("div");
    canvas.className = "m-canvas";
    this.append(canvas);
    const [west = 102, south = 8, east = 110, north = 24] = (this.dataset.bounds ?? "").split(",").map(Number);
    const map = new maplibregl.Map({
      container: canvas,
      style: this.mapStyle(),
      bounds: [west, south, east, north],
      fitBoundsOptions: { padding: this.margins(canvas) },
      maxBounds: [92, 0, 128, 30],
      attributionControl: { compact: false, customAttribution: `Natural Earth · ${this.dataset.note}` },
      locale: {
        "NavigationControl.ZoomIn": this.dataset.zoomIn ?? "",
        "NavigationControl.ZoomOut": this.dataset.zoomOut ?? "",
        "Map.Title": this.dataset.label ?? "",
      },
    });
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-left");
    for (const layer of ["stations", "events", "event-words"]) {
      map.on("click", layer, (event) => this.open(event.features?.[0]?.properties.url));
      map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
      map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
    }
    map.once("load", () => {
      this.map = map;
      this.dataset.drawn = "gl";
      this.switchLayer();
      void this.refresh();
      const list = document.getElementById(this.dataset.list ?? "");
      if (list) this.listWatch.observe(list, { subtree: true, childList: true, characterData: true });
      this.timer = window.setInterval(() => void this.refresh(), POLL);
    });
  }

  /** Room for the legend above, and for the inset beside the province or below it, whichever leaves the province larger. */
  private margins(canvas: HTMLElement): maplibregl.PaddingOptions {
    const size = window.matchMedia("(max-width: 719px)").matches ? "hand" : "wide";
    const corner = this.querySelector<SVGElement>(`.m-corner.${size}`);
    const [wide, high] = ["width", "height"].map((side) => Number(corner?.getAttribute(side) ?? 0)) as [number, number];
    // Where the legend lies over the map, a station in the north must not lie under it.
    const legend = this.querySelector(".legend")?.getBoundingClientRect().bottom ?? 0;
    const top = Math.max(40, legend - canvas.getBoundingClientRect().top + 16);
    const around = { top, right: 40, bottom: 40, left: 40 };
    const isBeside = canvas.clientWidth - wide >= canvas.clientHeight - top - high;
    return isBeside ? { ...around, right: 40 + wide } : { ...around, bottom: 40 + high };
  }

  private async refresh(): Promise<void> {
    const source = this.map?.getSource<maplibregl.GeoJSONSource>("things");
    const answer = await fetch(this.dataset.src ?? "", { headers: { Accept: "application/json" } });
    // Whatever fails, the last known things stay; their age is told by the list and the link state.
    if (answer.ok && source) source.setData(await answer.json());
  }

  private open(url: unknown): void {
    if (typeof url === "string" && url.startsWith("/")) location.assign(url);
  }

  private switchLayer = (): void => {
    const boxes = [...this.querySelectorAll<HTMLInputElement>("[data-layer]")];
    const hidden = boxes.filter((box) => !box.checked).map((box) => box.dataset.layer ?? "");
    const shown: maplibregl.ExpressionSpecification = ["!", ["in", ["get", "layer"], ["literal", hidden]]];
    for (const [layer, filter] of Object.entries(THINGS)) this.map?.setFilter(layer, ["all", filter, shown] as maplibregl.FilterSpecification);
  };

  private mapStyle(): maplibregl.StyleSpecification {
    const tokens = getComputedStyle(this);
    const ink = (name: string): string => tokens.getPropertyValue(`--${name}`).trim();
    const halo = { "text-halo-color": ink("map-0"), "text-halo-width": 1.5 };
    const words = (size: number): maplibregl.SymbolLayerSpecification["layout"] => ({
      "text-field": ["get", "name"], "text-font": FONT, "text-size": size, "text-max-width": 9,
    });
    const base = { source: "base", "source-layer": "" };
    const loud: maplibregl.SymbolLayerSpecification["layout"] = { "text-font": FONT, "text-size": 17, "symbol-sort-key": ["get", "priority"] };
    const alarm: maplibregl.SymbolLayerSpecification["paint"] = { "text-color": ["match", ["get", "priority"], 1, ink("p1"), 2, ink("p2"), ink("p3")], ...halo };
    const band = (fallback: string): maplibregl.ExpressionSpecification =>
      ["match", ["get", "band"], ...[1, 2, 3, 4, 5, 6].flatMap((n) => [n, ink(`aqi-${n}`)]), fallback] as unknown as maplibregl.ExpressionSpecification;
    return {
      version: 8,
      sources: {
        base: { type: "vector", url: `pmtiles://${new URL(this.dataset.tiles ?? "", location.href).href}` },
        things: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
      },
      layers: [
        { id: "sea", type: "background", paint: { "background-color": ink("map-out") } },
        { ...base, id: "land", type: "fill", "source-layer": "land", maxzoom: 5, paint: { "fill-color": ink("map-2") } },
        { ...base, id: "countries", type: "fill", "source-layer": "countries", paint: { "fill-color": ink("map-2"), "fill-outline-color": ink("line") } },
        { ...base, id: "provinces", type: "fill", "source-layer": "provinces", paint: { "fill-color": ["case", ["==", ["get", "code"], this.dataset.province ?? ""], ink("map-0"), ink("map-1")] } },
        { ...base, id: "communes", type: "line", "source-layer": "communes", paint: { "line-color": ink("map-line"), "line-width": 0.8 } },
        { ...base, id: "edges", type: "line", "source-layer": "provinces", paint: { "line-color": ink("map-edge"), "line-width": 1.4 } },
        { ...base, id: "country-names", type: "symbol", "source-layer": "countries", layout: { ...words(15), "text-transform": "uppercase", "text-letter-spacing": 0.14 }, paint: { "text-color": ink("muted") } },
        { ...base, id: "commune-names", type: "symbol", "source-layer": "labels", minzoom: 9, filter: ["==", ["get", "level"], "commune"], layout: words(15), paint: { "text-color": ink("muted"), ...halo } },
        { ...base, id: "province-names", type: "symbol", "source-layer": "labels", maxzoom: 9, filter: ["==", ["get", "level"], "province"], layout: words(16), paint: { "text-color": ink("text"), ...halo } },
        { id: "stations", type: "circle", source: "things", filter: THINGS.stations, paint: { "circle-radius": 7, "circle-color": band(ink("map-0")), "circle-stroke-color": ["case", ["!=", ["get", "stale"], ""], ink("stale"), ink("text")], "circle-stroke-width": 2 } },
        { id: "station-words", type: "symbol", source: "things", filter: THINGS.stations, layout: { "text-field": ["concat", ["get", "value"], " ", ["get", "label"], ["case", ["!=", ["get", "stale"], ""], ["concat", " ", ["get", "stale"]], [">=", ["get", "band"], 3], ["concat", " · ", ["get", "word"]], ""]], "text-font": FONT, "text-size": 15, "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.8, "symbol-sort-key": ["-", 0, ["get", "band"]] }, paint: { "text-color": ["case", ["!=", ["get", "stale"], ""], ink("stale"), ink("text")], ...halo } },
        // The shape always stands on its spot; its number and word where there is room, those of the gravest first.
        { id: "event-words", type: "symbol", source: "things", filter: THINGS.events, layout: { ...loud, "text-field": ["concat", ["to-string", ["get", "priority"]], " ", ["get", "word"]], "text-anchor": "left", "text-offset": [0.8, 0] }, paint: alarm },
        { id: "events", type: "symbol", source: "things", filter: THINGS.events, layout: { ...loud, "text-field": SHAPES as unknown as maplibregl.ExpressionSpecification, "text-allow-overlap": true }, paint: alarm },
        { ...base, id: "islands", type: "circle", "source-layer": "islands", paint: { "circle-radius": 2.5, "circle-color": ink("text") } },
        { ...base, id: "island-names", type: "symbol", "source-layer": "islands", minzoom: 7, layout: { ...words(15), "text-variable-anchor": ["left", "right", "top"], "text-radial-offset": 0.5 }, paint: { "text-color": ink("muted"), ...halo } },
        { ...base, id: "archipelagos", type: "symbol", "source-layer": "archipelagos", layout: { ...words(15), "text-allow-overlap": true, "text-ignore-placement": false, "text-anchor": "bottom", "text-offset": [0, -1.6] }, paint: { "text-color": ink("text"), "text-halo-color": ink("map-out"), "text-halo-width": 1.5 } },
      ],
    };
  }
}

customElements.define("province-map", ProvinceMap);
