// Requests to the server about one episode.
import { change, get } from "../api.js";

export class EpisodeRequests {
  constructor(episode) {
    this.episode = episode;
    this.path = `/episodes/${encodeURIComponent(episode)}`;
  }

  /** Returns the transcript, with all that is shown beside it. */
  transcript() {
    return get(`${this.path}/transcript`);
  }

  /** Returns hits of a query as ranges of words, and how many there are. */
  hits(q, signal) {
    return get(`${this.path}/hits`, { q }, signal);
  }

  /** Returns words with their citations. */
  quote(first, last) {
    return get(`${this.path}/quote`, { first, last });
  }

  /** Returns where the publisher's transcript differs. */
  compare() {
    return get(`${this.path}/compare`);
  }

  /** Returns where a quotation is said in the episode, the best place alone; undefined where it is not. */
  async locate(quotation) {
    return (await get("/locate", { quotation, episode: this.episode, limit: 1 })).found[0];
  }

  /** Puts a text in the place of words. */
  correct(first, last, text) {
    return change("POST", `${this.path}/corrections`, { first, last, text });
  }

  /** Undoes a correction. */
  undoCorrection(correction) {
    return change("DELETE", `${this.path}/corrections/${correction}`);
  }

  /** Returns the voices: how long each speaks, and who it may be. */
  async voices() {
    return (await get(`${this.path}/voices`)).voices;
  }

  /** Names a voice. */
  nameVoice(voice, name) {
    return change("PUT", `${this.path}/voices/${voice}`, { name });
  }

  /** Gives a voice the name that is suggested for it. */
  acceptName(voice) {
    return change("POST", `${this.path}/voices/accept`, { voices: [voice] });
  }

  /** Makes voices one: the others become the first. */
  mergeVoices(voices) {
    return change("POST", `${this.path}/voices/merge`, { voices });
  }

  /** Undoes the last change to voices. */
  undoVoices() {
    return change("POST", `${this.path}/voices/undo`);
  }
}
