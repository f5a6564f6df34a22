/** The two forms in which a call's data leaves the pod: as text for the gateway, as values for another Worker. */
import { decodeValue, encodeValue } from "@edgepod/core/values";
import type { ValueTypes } from "@edgepod/core/protocol";

/** How data is given out, and how it is kept for a repeat of the call. */
export interface AnswerForm<T> {
  /** What shall leave the pod. A throw undoes a mutation. */
  seal(data: unknown): T;
  /** What was sealed, to be kept. */
  toText(sealed: T): string;
  fromText(text: string): T;
}

/** The members that carry the data, as JSON text with a comma behind each. */
export const AS_TEXT: AnswerForm<string> = {
  seal: (data) => {
    if (data === undefined) return "";
    const { value, types } = encodeValue(data);
    return `"data":${JSON.stringify(value)},${types ? `"types":${JSON.stringify(types)},` : ""}`;
  },
  toText: (text) => text,
  fromText: (text) => text,
};

/** The data as it is. */
export const AS_VALUE: AnswerForm<unknown> = {
  seal: (data) => data,
  toText: (data) => AS_TEXT.seal(data),
  fromText: (text) => {
    const { data, types } = JSON.parse(`{${text.slice(0, -1)}}`) as { data?: unknown; types?: ValueTypes };
    return decodeValue(data, types);
  },
};
