// The words of an episode: their times, sentences, paragraphs and text. It knows nothing of the page.

const LONGEST_PARAGRAPH = 110; // words after which a paragraph ends with its sentence
const LINGER = 1; // seconds for which a word counts as being said after its end, in a pause

/** The words of a transcript as `/api/episodes/{episode}/transcript` tells them. */
export class Words {
  constructor({ words, sentences, speakers, chapters, gaps }) {
    this.texts = words.texts;
    this.count = words.texts.length;
    const starts = addUp(words.starts); // whole milliseconds: the same seconds as in addresses
    this.starts = starts.map((start) => start / 1000);
    this.ends = starts.map((start, word) => (start + words.lengths[word]) / 1000);
    this.probabilities = words.probabilities;
    this.heard = new Map(Object.entries(words.heard).map(([word, text]) => [Number(word), text]));
    this.unspoken = words.unspoken;
    this.flags = sentences.flags;
    this.speakers = speakers;
    this.sentenceEnds = addUp(sentences.lengths); // the word after each sentence
    this.paragraphs = cut(this, sentences, chapters, gaps);
  }

  /** Returns the number of the word that is being said at a second, -1 for none. */
  at(time) {
    const word = countUpTo(this.starts, time) - 1;
    return word >= 0 && time < this.ends[word] + LINGER ? word : -1;
  }

  /** Returns the number of the first word that ends after a second: the one to show for that moment. */
  near(time) {
    const word = Math.max(0, countUpTo(this.starts, time) - 1);
    return Math.min(this.ends[word] <= time ? word + 1 : word, this.count - 1);
  }

  /** Returns the first and the last word of those that are said between two seconds. */
  between(start, end) {
    const first = this.near(start);
    return [first, Math.max(first, countUpTo(this.starts, end - 0.0005) - 1)];
  }

  /** Returns the number of the sentence that a word is in. */
  sentenceOf(word) {
    return countUpTo(this.sentenceEnds, word);
  }

  /** Returns the first and the last word of a sentence. */
  sentence(number) {
    return [number ? this.sentenceEnds[number - 1] : 0, this.sentenceEnds[number] - 1];
  }

  /** Returns the number of the paragraph that a word is in. */
  paragraphOf(word) {
    return countUpTo(this.paragraphFirsts, word) - 1;
  }

  /** Returns words as text. */
  text(first, last) {
    return this.texts.slice(first, last + 1).join("").trim();
  }

  /** Returns the second at which the last of some words ends: a word before it may end later. */
  endOf(first, last) {
    return this.ends.subarray(first, last + 1).reduce((end, one) => Math.max(end, one));
  }

  get paragraphFirsts() {
    return (this._firsts ??= Float64Array.from(this.paragraphs, (one) => one.first));
  }
}

/** Returns how many numbers of a sorted list are at most `limit`. */
export function countUpTo(sorted, limit) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function addUp(steps) {
  let sum = 0;
  return Float64Array.from(steps, (step) => (sum += step));
}

/** Returns paragraphs of whole sentences: a new one for each speaker, chapter and gap, and where one becomes long. */
function cut(words, sentences, chapters, gaps) {
  const paragraphs = [];
  const [chaptersLeft, gapsLeft] = [[...chapters], [...gaps]];
  sentences.lengths.forEach((length, number) => {
    const [first, last] = words.sentence(number);
    const speaker = sentences.speakers[number];
    const begins = (ahead) => takeWhile(ahead, (one) => one.start < words.ends[first]);
    const [chapter] = begins(chaptersLeft).slice(-1);
    const gapsBefore = begins(gapsLeft);
    const before = paragraphs.at(-1);
    const turn = !before || before.speaker !== speaker;
    if (turn || chapter || gapsBefore.length || last - before.first >= LONGEST_PARAGRAPH) {
      paragraphs.push({ first, last, speaker, turn: turn || Boolean(chapter), chapter, gaps: gapsBefore });
    } else before.last = last;
  });
  if (paragraphs.length) paragraphs.at(-1).gapsAfter = gapsLeft;
  return paragraphs;
}

function takeWhile(list, isTaken) {
  const end = list.findIndex((one) => !isTaken(one));
  return list.splice(0, end < 0 ? list.length : end);
}
