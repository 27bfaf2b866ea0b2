/**
 * An expression for the page: all visible texts whose contrast to what they stand on is below 4.5 to 1 (WCAG 2, 1.4.3),
 * with that contrast, and how many texts were looked at.
 */
export const LOW_CONTRAST = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const known = new Map();
  const channels = (colour) => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      known.set(colour, [...canvas.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(colour);
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((value, index) => (value * a + below[index] * (255 - a)) / 255);
  const backOf = (element) => {
    if (!element) return channels('white');
    const box = element instanceof SVGTextElement ? element.parentElement.querySelector(':scope > .box') : undefined;
    const label = element.matches('.lt') ? element.previousElementSibling : undefined;
    const shape = box ?? label;
    const colour = shape ? getComputedStyle(shape).fill : getComputedStyle(element).backgroundColor;
    const own = channels(colour);
    return own[3] === 255 ? own : over(own, backOf(element.parentElement));
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((value) => value / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const low = [];
  let count = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === '' || element.matches('title') || !element.checkVisibility()) continue;
    count += 1;
    const style = getComputedStyle(element);
    const back = backOf(element);
    const front = over(channels(element instanceof SVGElement ? style.fill : style.color), back);
    const [light, dark] = [luminance(front), luminance(back.slice(0, 3))].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) low.push(element.className + ': ' + node.data.slice(0, 40) + ' ' + contrast.toFixed(2));
  }
  return { low, count };
})()`;
