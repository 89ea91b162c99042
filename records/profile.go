package records

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
)

// A profile is a profile object whose keys are read one by one: what is left at the end is unknown.
type profile struct {
	keys  map[string]json.RawMessage
	taken map[string]bool
	guess bool // a hint's
}

// readProfile reads a JSON object, which must be all there is. A key that stands twice is an error.
func readProfile(raw json.RawMessage) (*profile, error) {
	p := &profile{keys: map[string]json.RawMessage{}, taken: map[string]bool{}}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if tok, err := dec.Token(); err != nil || tok != json.Delim('{') {
		return nil, errors.New("want an object")
	}
	for dec.More() {
		tok, err := dec.Token()
		if err != nil {
			return nil, ended(err)
		}
		var v json.RawMessage
		if err := dec.Decode(&v); err != nil {
			return nil, ended(err)
		}
		key := tok.(string)
		if p.keys[key] != nil {
			return nil, fmt.Errorf("%q stands twice", key)
		}
		p.keys[key] = v
	}
	if _, err := dec.Token(); err != nil { // the brace that closes it
		return nil, ended(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("text after the object")
	}
	return p, nil
}

// ended says of the end of a text that it is too early.
func ended(err error) error {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the text ends within an object")
	}
	return err
}

// has reports whether key is there.
func (p *profile) has(key string) bool { return p != nil && p.keys[key] != nil }

// any reports whether one of keys is there.
func (p *profile) any(keys ...string) bool { return slices.ContainsFunc(keys, p.has) }

// take returns the value of key, nil if there is none, and marks it as known.
func (p *profile) take(key string) json.RawMessage {
	if p == nil {
		return nil
	}
	if raw := p.keys[key]; raw != nil {
		p.taken[key] = true
		return raw
	}
	return nil
}

// without returns p less the given keys, nil if that leaves none.
func (p *profile) without(keys ...string) *profile {
	if p == nil {
		return nil
	}
	q := &profile{keys: map[string]json.RawMessage{}, taken: map[string]bool{}}
	for k, v := range p.keys {
		if !slices.Contains(keys, k) {
			q.keys[k] = v
		}
	}
	if len(q.keys) == 0 {
		return nil
	}
	return q
}

// left returns the keys that nothing took, in order.
func (p *profile) left() []string {
	if p == nil {
		return nil
	}
	var left []string
	for k := range p.keys {
		if !p.taken[k] {
			left = append(left, k)
		}
	}
	slices.Sort(left)
	return left
}

// integer reads a JSON number without a fraction.
func integer(raw json.RawMessage) (int64, error) {
	v, err := strconv.ParseInt(string(bytes.TrimSpace(raw)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is no integer of 64 bits", raw)
	}
	return v, nil
}

// number reads a JSON number.
func number(raw json.RawMessage) (float64, error) {
	v, err := strconv.ParseFloat(string(bytes.TrimSpace(raw)), 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return 0, fmt.Errorf("%s is no number", raw)
	}
	return v, nil
}

// odds reads a probability.
func odds(raw json.RawMessage) (float64, error) {
	v, err := number(raw)
	if err == nil && (v < 0 || v > 1) {
		err = fmt.Errorf("%s is not from 0 to 1", raw)
	}
	return v, err
}

// list reads a JSON array.
func list(raw json.RawMessage) ([]json.RawMessage, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil || items == nil {
		return nil, fmt.Errorf("%.60s is no list", raw)
	}
	return items, nil
}

// text reads a JSON string.
func text(raw json.RawMessage) (string, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil || raw[0] != '"' {
		return "", fmt.Errorf("%.60s is no text", raw)
	}
	return s, nil
}

const maxWeight = 1 << 31

// weight reads one weight.
func weight(raw json.RawMessage) (uint64, error) {
	v, err := integer(raw)
	if err == nil && (v < 0 || v > maxWeight) {
		err = fmt.Errorf("weight %d is not from 0 to 2^31", v)
	}
	return uint64(v), err
}

// weights makes a choice of weights, n of them unless n is negative.
func weights(ws []uint64, n int) (choice, error) {
	sum := uint64(0)
	for _, w := range ws {
		sum += w
	}
	switch {
	case n >= 0 && len(ws) != n:
		return nil, fmt.Errorf("%d weights for %d", len(ws), n)
	case sum == 0:
		return nil, errors.New("the weights are all 0")
	case sum > 1<<32:
		return nil, errors.New("the weights sum to more than 2^32")
	}
	return newChoice(ws), nil
}

// pairs reads a list of pairs: a weight, which is first or second, at 0 or 1, and beside it what each reads. shape is a pair in
// words.
func pairs(raw json.RawMessage, shape string, at int, each func(json.RawMessage) error) ([]uint64, error) {
	items, err := list(raw)
	if err != nil {
		return nil, err
	}
	ws := make([]uint64, len(items))
	for i, item := range items {
		pair, err := list(item)
		if err != nil || len(pair) != 2 {
			return nil, fmt.Errorf("%.60s is not %s", item, shape)
		}
		if ws[i], err = weight(pair[at]); err != nil {
			return nil, err
		}
		if err := each(pair[1-at]); err != nil {
			return nil, err
		}
	}
	return ws, nil
}

// chosen makes a choice of pairs.
func chosen(raw json.RawMessage, shape string, at int, each func(json.RawMessage) error) (choice, error) {
	ws, err := pairs(raw, shape, at, each)
	if err != nil {
		return nil, err
	}
	return weights(ws, -1)
}

// weightList reads a list of n weights.
func weightList(raw json.RawMessage, n int) (choice, error) {
	items, err := list(raw)
	if err != nil {
		return nil, err
	}
	ws := make([]uint64, len(items))
	for i, item := range items {
		if ws[i], err = weight(item); err != nil {
			return nil, err
		}
	}
	return weights(ws, n)
}
