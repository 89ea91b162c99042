package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrEnds says of JSON text that it is a beginning.
var ErrEnds = errors.New("the text ends within a value")

var errUTF8 = errors.New("the text is not UTF-8")

// checkText refuses text that is not one JSON value, and text that encoding/json would read as something else: it
// replaces what is no UTF-8, and surrogates without a partner, by U+FFFD.
func checkText(text []byte) error {
	if !utf8.Valid(text) {
		return errUTF8
	}
	if !json.Valid(text) {
		return syntaxError(text)
	}
	for i := 0; i+5 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		if i++; text[i] != 'u' {
			continue
		}
		c := escaped(text[i-1:])
		switch {
		case c >= 0xd800 && c < 0xdc00 && low(escaped(text[i+5:])):
			i += 6
		case c >= 0xd800 && c < 0xe000:
			return fmt.Errorf("%s is half of a surrogate pair, which Go strings cannot hold", text[i-1:i+5])
		}
	}
	return nil
}

// syntaxError says why text is not one JSON value.
func syntaxError(text []byte) error {
	err := json.Unmarshal(text, new(json.RawMessage))
	switch se := (*json.SyntaxError)(nil); {
	case err == nil || strings.Contains(err.Error(), "unexpected end"):
		return ErrEnds
	case errors.As(err, &se) && endsWithin(se, text):
		return ErrEnds
	case strings.Contains(err.Error(), "after top-level value"):
		return errors.New("text after the value")
	}
	return err
}

// endsWithin reports whether err is about the end of text, in the middle of a word, a number or an escape: encoding/json
// takes the end for a blank.
func endsWithin(err *json.SyntaxError, text []byte) bool {
	return err.Offset >= int64(len(text)) && strings.HasPrefix(err.Error(), "invalid character ' '") && !bytes.HasSuffix(text, []byte(" "))
}

func low(c rune) bool { return c >= 0xdc00 && c < 0xe000 }

// escaped returns the UTF-16 unit of the escape \uXXXX that text begins with, or -1.
func escaped(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	v, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(v)
}

// A cursor passes over JSON text that checkText has found good. It copies nothing, and may be set back. In such text
// commas and colons say no more than blanks do.
type cursor struct {
	text []byte
	at   int
}

// peek returns the byte that the next token begins with.
func (c *cursor) peek() byte {
	for {
		switch b := c.text[c.at]; b {
		case ' ', '\t', '\r', '\n', ',', ':':
			c.at++
		default:
			return b
		}
	}
}

// token passes a bracket, or a value without parts, and returns it as it is written.
func (c *cursor) token() []byte {
	first := c.peek()
	begin := c.at
	switch first {
	case '{', '}', '[', ']':
		c.at++
	case '"':
		c.at = endOfText(c.text, c.at)
	default:
		for c.at < len(c.text) && strings.IndexByte(" \t\r\n,]}", c.text[c.at]) < 0 {
			c.at++
		}
	}
	return c.text[begin:c.at]
}

// endOfText returns the index behind the string that begins at i.
func endOfText(text []byte, i int) int {
	for i++; ; i++ {
		i += bytes.IndexByte(text[i:], '"')
		escapes := 0
		for text[i-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return i + 1
		}
	}
}

// more reports whether the object or array has another member.
func (c *cursor) more() bool {
	b := c.peek()
	return b != '}' && b != ']'
}

// step passes a token, and returns by how much it leads into a value: 1 for an opening bracket, -1 for a closing one.
func (c *cursor) step() int {
	switch c.token()[0] {
	case '{', '[':
		return 1
	case '}', ']':
		return -1
	}
	return 0
}

// skip passes a value.
func (c *cursor) skip() {
	for depth := c.step(); depth > 0; {
		depth += c.step()
	}
}

// beginning shows the beginning of the value that stands at the cursor. It looks hardly further than it shows.
func (c cursor) beginning() string {
	c.peek()
	begin := c.at
	for depth := c.step(); depth > 0 && c.at-begin <= mostShown; {
		depth += c.step()
	}
	return shortened(c.text[begin:c.at])
}

// unquoted returns the text that a string token stands for.
func unquoted(tok []byte) string {
	if bytes.IndexByte(tok, '\\') < 0 {
		return string(tok[1 : len(tok)-1])
	}
	var s string
	json.Unmarshal(tok, &s) // checkText has found it good
	return s
}

// describe shows a token in an error.
func describe(tok []byte) string {
	switch tok[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return strconv.Quote(shortened(unquoted(tok)))
	}
	return shortened(tok)
}

const mostShown = 40 // bytes of a value in an error

// shortened returns text, or its beginning if it is long.
func shortened[T string | []byte](text T) string {
	if len(text) <= mostShown {
		return string(text)
	}
	return strings.ToValidUTF8(string(text[:mostShown]), "") + "…"
}
