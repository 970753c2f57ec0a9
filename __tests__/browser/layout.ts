import type { Page } from "playwright-core";

/**
 * What a person could not read: text that stands on other text, text outside the screen or cut off by its box, and the page itself where it can
 * be scrolled sideways. Tables may scroll within their own region.
 */
export function unreadable(page: Page): Promise<readonly string[]> {
  return page.evaluate(findUnreadable);
}

/** Runs within the page, so it may use nothing from outside. */
function findUnreadable(): readonly string[] {
  interface Box {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  }
  interface Element {
    readonly scrollWidth: number;
    readonly clientWidth: number;
    closest(selector: string): Element | null;
    checkVisibility(options: object): boolean;
    getBoundingClientRect(): Box;
  }
  interface TextNode {
    readonly textContent: string;
    readonly parentElement: Element;
  }
  interface Document {
    readonly documentElement: Element;
    readonly body: Element;
    createTreeWalker(root: Element, what: number): { nextNode(): TextNode | null };
    createRange(): { selectNodeContents(node: TextNode): void; getClientRects(): Iterable<Box> };
  }
  const { document } = globalThis as unknown as { document: Document };
  const found: string[] = [];
  const screen = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > screen) found.push(`the page is ${document.documentElement.scrollWidth} px wide on a screen of ${screen}`);
  const texts: { readonly text: string; readonly box: Box; readonly node: TextNode }[] = [];
  const walker = document.createTreeWalker(document.body, 4);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const { parentElement } = node;
    const text = node.textContent.trim();
    // What only a screen reader meets, and what is folded, covers nothing.
    if (text === "" || parentElement.closest("script, style, option, .skip, thead") !== null) continue;
    if (!parentElement.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const scrolls = parentElement.closest(".scroll");
    const picture = parentElement.closest(".main-svg")?.getBoundingClientRect();
    for (const box of range.getClientRects()) {
      if (box.right - box.left < 1 || box.bottom - box.top < 1) continue;
      texts.push({ text, box, node });
      const mayScroll = scrolls !== null && scrolls.scrollWidth > scrolls.clientWidth;
      if (!mayScroll && (box.left < -1 || box.right > screen + 1)) found.push(`beyond the screen: ${text}`);
      if (
        picture !== undefined &&
        (box.left < picture.left - 1 || box.right > picture.right + 1 || box.top < picture.top - 1 || box.bottom > picture.bottom + 1)
      )
        found.push(`cut off by its picture: ${text}`);
    }
  }
  texts.sort((a, b) => a.box.top - b.box.top);
  // Boxes of letters are a little higher than the letters.
  const [spareX, spareY] = [1, 4];
  texts.forEach((one, index) => {
    for (let next = index + 1; next < texts.length; next++) {
      const other = texts[next];
      if (other === undefined || other.box.top > one.box.bottom - spareY) break;
      if (other.node !== one.node && other.box.left < one.box.right - spareX && one.box.left < other.box.right - spareX)
        found.push(`on one another: ${one.text} / ${other.text}`);
    }
  });
  return [...new Set(found)];
}
