// "Surprise me": subjects, deeds and manners, put together by chance. Prompts are English: that is what models read.

const subjects = [
  "a red panda", "an astronaut", "a lighthouse", "two foxes", "an old bicycle", "a tea pot", "a sleepy owl", "a tiny dragon",
  "a whale", "a stone bridge", "a jazz trio of cats", "a robot gardener", "a fig tree", "a hot-air balloon", "an octopus",
  "a snow-covered village", "a smiling face with sunglasses", "a fishing boat", "a clockwork bird", "a bowl of lemons",
];
const deeds = [
  "reading a letter", "under the northern lights", "made of folded paper", "in a field of tulips", "crossing a quiet sea",
  "on the roof of a library", "at the edge of a forest", "inside a glass bottle", "waiting for the last train", "in the rain",
  "floating above the clouds", "beside a bonfire", "in a garden of giant mushrooms", "at breakfast",
];
const manners = [
  "watercolour", "a linocut in two colours", "an oil painting in warm light", "a 1960s travel poster", "isometric pixel art",
  "a pencil sketch", "a stained-glass window", "a macro photograph", "a woodblock print", "an illuminated manuscript",
  "flat vector art", "a charcoal drawing", "a paper collage", "soft pastel",
];

const pick = (list) => list[Math.floor(Math.random() * list.length)];

/// A prompt other than `last`.
export function surprise(last) {
  for (;;) {
    const prompt = `${pick(subjects)} ${pick(deeds)}, ${pick(manners)}`;
    if (prompt !== last) return prompt;
  }
}

/// A few to begin with.
export const examples = [
  "a sleepy owl on a stack of books, watercolour",
  "a lighthouse in a field of tulips, a 1960s travel poster",
  "two foxes at breakfast, a linocut in two colours",
  "a bowl of lemons in warm light, an oil painting",
];
