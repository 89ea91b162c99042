package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/wirecost/wirecost/schemas"
)

// ParseJSON makes the value of type t at r the one in text, in Avro's JSON encoding: unions tagged with the branch's
// name, bytes and fixed as one character U+0000..U+00FF a byte, "NaN" (Java's canonical one), "Infinity" and
// "-Infinity". In a union an object whose only key is a branch's name and whose value fits that branch is tagged;
// anything else is bare, and must fit exactly one branch. Errors name the field.
//
// Text that Go strings cannot hold, a surrogate without its partner, is an error, as are unknown, missing and repeated
// fields: nothing is dropped.
func ParseJSON(t *Type, text []byte, r Ref) error {
	if err := checkText(text); err != nil {
		return err
	}
	work := 1000 + 100*len(text)
	return parse(t, text, r, 0, &work)
}

// maxDepth bounds the recursion of reading a record, whose schema may be recursive.
const maxDepth = 1000

var errDepth = fmt.Errorf("nested more than %d deep", maxDepth)

// parse reads text, which must hold one value. Work is the number of values that may be tried.
func parse(t *Type, text []byte, r Ref, depth int, work *int) error {
	p := parser{dec: json.NewDecoder(bytes.NewReader(text)), depth: depth, work: work}
	p.dec.UseNumber()
	if err := p.value(t, r); err != nil {
		return err
	}
	if _, err := p.dec.Token(); err != io.EOF {
		return errors.New("text after the value")
	}
	return nil
}

// A parser reads one value. Work falls with each value tried, since untagged unions within unions could be read in
// exponentially many ways.
type parser struct {
	dec   *json.Decoder
	depth int
	work  *int
}

func (p *parser) token() (json.Token, error) {
	tok, err := p.dec.Token()
	if err == io.EOF {
		err = errors.New("the text ends within a value")
	}
	return tok, err
}

func (p *parser) value(t *Type, r Ref) error {
	if p.depth++; p.depth > maxDepth {
		return errDepth
	}
	defer func() { p.depth-- }()
	if *p.work--; *p.work < 0 {
		return errors.New("unions without tags can be read in too many ways: tag them")
	}
	switch t.Kind {
	case schemas.Record:
		return p.record(t, r)
	case schemas.Union:
		return p.union(t, r)
	case schemas.Array:
		return p.array(t, r)
	case schemas.Map:
		return p.entries(t, r)
	}
	tok, err := p.token()
	if err != nil {
		return err
	}
	return setScalar(t, r, tok)
}

func setScalar(t *Type, r Ref, tok json.Token) error {
	var err error
	ok := false
	switch t.Kind {
	case schemas.Null:
		ok = tok == nil
	case schemas.Boolean:
		var v bool
		if v, ok = tok.(bool); ok {
			r.SetBool(v)
		}
	case schemas.Int:
		var v int64
		if v, ok, err = integer(tok, 32); ok {
			r.SetInt(int32(v))
		}
	case schemas.Long:
		var v int64
		if v, ok, err = integer(tok, 64); ok {
			r.SetLong(v)
		}
	case schemas.Float, schemas.Double:
		ok, err = setFloat(t, r, tok)
	case schemas.String:
		var v string
		if v, ok = tok.(string); ok {
			r.SetText(v)
		}
	case schemas.Enum:
		var v string
		if v, ok = tok.(string); ok && !slices.Contains(t.Node.Symbols, v) {
			err = fmt.Errorf("%q is no symbol of %s", v, t.Node.Name)
		}
		r.SetText(v)
	case schemas.Bytes, schemas.Fixed:
		ok, err = setBytes(t, r, tok)
	}
	if err == nil && !ok {
		err = fmt.Errorf("%s is no %s", describe(tok), t.Node.BranchName())
	}
	return err
}

// describe shows a token in an error.
func describe(tok json.Token) string {
	switch v := tok.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(v)
	case json.Delim:
		return map[json.Delim]string{'{': "an object", '[': "an array"}[v]
	}
	return fmt.Sprint(tok)
}

func integer(tok json.Token, bits int) (int64, bool, error) {
	num, ok := tok.(json.Number)
	if !ok {
		return 0, false, nil
	}
	v, err := strconv.ParseInt(string(num), 10, bits)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, false, fmt.Errorf("%s does not fit %d bits", num, bits)
	case err != nil:
		return 0, false, fmt.Errorf("%s is no integer", num)
	}
	return v, true, nil
}

// javaNaN is the only NaN that Java's serializers write.
var javaNaN = math.Float64frombits(0x7ff8000000000000)

var specialFloats = map[string]float64{"NaN": javaNaN, "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)}

func setFloat(t *Type, r Ref, tok json.Token) (bool, error) {
	var v float64
	switch x := tok.(type) {
	case json.Number:
		var err error
		bits := 64
		if t.Kind == schemas.Float {
			bits = 32
		}
		if v, err = strconv.ParseFloat(string(x), bits); err != nil {
			return false, fmt.Errorf("%s does not fit a %s", x, t.Kind)
		}
	case string:
		special, ok := specialFloats[x]
		if !ok {
			return false, nil
		}
		v = special
	default:
		return false, nil
	}
	if t.Kind == schemas.Double {
		r.SetDouble(v)
		return true, nil
	}
	f := float32(v)
	if v != v {
		f = math.Float32frombits(0x7fc00000)
	}
	r.SetFloat(f)
	return true, nil
}

func setBytes(t *Type, r Ref, tok json.Token) (bool, error) {
	s, ok := tok.(string)
	if !ok {
		return false, nil
	}
	b := make([]byte, 0, len(s))
	for _, c := range s {
		if c > 0xff {
			return false, fmt.Errorf("%q is no byte: bytes are characters from U+0000 to U+00FF", c)
		}
		b = append(b, byte(c))
	}
	if t.Kind == schemas.Bytes {
		r.SetBytes(b)
		return true, nil
	}
	if len(b) != t.Node.Size {
		return false, fmt.Errorf("%d bytes for a fixed of %d", len(b), t.Node.Size)
	}
	copy(r.Fixed(t.Node.Size), b)
	return true, nil
}

// open reads the delimiter that a value of type t begins with.
func (p *parser) open(t *Type, want json.Delim) error {
	tok, err := p.token()
	if err != nil {
		return err
	}
	if tok != want {
		return fmt.Errorf("%s is no %s", describe(tok), t.Node.BranchName())
	}
	return nil
}

// key reads the key of an object's member.
func (p *parser) key() (string, error) {
	tok, err := p.token()
	if err != nil {
		return "", err
	}
	return tok.(string), nil
}

func (p *parser) record(t *Type, r Ref) error {
	if err := p.open(t, '{'); err != nil {
		return err
	}
	if t.Form == Box {
		r, t = t.MakeBox(r), t.Elem
	}
	seen := make([]bool, len(t.Fields))
	next := 0
	for p.dec.More() {
		key, err := p.key()
		if err != nil {
			return err
		}
		i := t.indexOf(key, next)
		if i < 0 {
			return fmt.Errorf("%s has no field %q%s", t.Node.Name, key, t.fieldNames())
		}
		if seen[i] {
			return fmt.Errorf("field %s stands twice", key)
		}
		seen[i], next = true, i+1
		if err := p.value(t.Fields[i].Type, r.At(t.Fields[i].Offset)); err != nil {
			return at(key, err)
		}
	}
	if i := slices.Index(seen, false); i >= 0 {
		return fmt.Errorf("field %s of %s is missing", t.Fields[i].Name, t.Node.Name)
	}
	_, err := p.token()
	return err
}

// indexOf returns the index of the field called name, which is usually guess.
func (t *Type) indexOf(name string, guess int) int {
	if guess < len(t.Fields) && t.Fields[guess].Name == name {
		return guess
	}
	return slices.IndexFunc(t.Fields, func(f Field) bool { return f.Name == name })
}

func (p *parser) array(t *Type, r Ref) error {
	if err := p.open(t, '['); err != nil {
		return err
	}
	var items []json.RawMessage
	for p.dec.More() {
		var raw json.RawMessage
		if err := p.dec.Decode(&raw); err != nil {
			return err
		}
		items = append(items, raw)
	}
	if _, err := p.token(); err != nil {
		return err
	}
	first := t.MakeSlice(r, len(items))
	for i, raw := range items {
		if err := parse(t.Elem, raw, first.At(uintptr(i)*t.Elem.Size), p.depth, p.work); err != nil {
			return at(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

func (p *parser) entries(t *Type, r Ref) error {
	if err := p.open(t, '{'); err != nil {
		return err
	}
	t.MakeMap(r, 0)
	for p.dec.More() {
		key, err := p.key()
		if err != nil {
			return err
		}
		v := t.Elem.Alloc()
		if err := p.value(t.Elem, v); err != nil {
			return at(fmt.Sprintf("{%s}", key), err)
		}
		if !t.Put(r, key, v) {
			return fmt.Errorf("key %q stands twice", key)
		}
	}
	_, err := p.token()
	return err
}

func (p *parser) union(t *Type, r Ref) error {
	var raw json.RawMessage
	if err := p.dec.Decode(&raw); err != nil {
		return err
	}
	if raw[0] == 'n' && t.Null >= 0 {
		t.SetBranch(r, t.Null)
		return nil
	}
	tag, tagErr := p.tagged(t, raw, r)
	if tag >= 0 && tagErr == nil {
		return nil
	}
	fitting, value, bareErr := p.bare(t, raw)
	switch {
	case len(fitting) == 1:
		t.adopt(r, fitting[0], value)
		return nil
	case len(fitting) > 1:
		name := t.Node.Branches[fitting[0]].BranchName()
		return fmt.Errorf("%s fits the branches %s and %s: tag it, as {%q: …}", short(raw), name, t.Node.Branches[fitting[1]].BranchName(), name)
	case tag >= 0:
		return tagErr
	}
	return bareErr
}

// tagged reads raw as a value tagged with the name of a branch, whose index it returns, or -1.
func (p *parser) tagged(t *Type, raw json.RawMessage, r Ref) (int, error) {
	if raw[0] != '{' {
		return -1, nil
	}
	name, value, ok := onlyMember(raw)
	i := slices.IndexFunc(t.Node.Branches, func(n *schemas.Node) bool { return n.BranchName() == name })
	if !ok || i < 0 || i == t.Null {
		return -1, nil
	}
	return i, at(name, parse(t.Branches[i], value, t.SetBranch(r, i), p.depth, p.work))
}

// onlyMember returns the member of an object that has one and no more, not even another of the same name.
func onlyMember(raw json.RawMessage) (name string, value json.RawMessage, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.Token() // the brace
	key, _ := dec.Token()
	if name, ok = key.(string); !ok || dec.Decode(&value) != nil {
		return "", nil, false
	}
	return name, value, !dec.More()
}

// bare returns the branches that raw fits without a tag, and its value as the last of them. The error, if it fits none,
// is that of the only branch whose JSON form is raw's, if there is one.
func (p *parser) bare(t *Type, raw json.RawMessage) (fitting []int, value Ref, err error) {
	var tries []error
	for i, b := range t.Branches {
		if i == t.Null || !looksLike(b.Kind, raw[0]) {
			continue
		}
		v := b.Alloc()
		if err := parse(b, raw, v, p.depth, p.work); err != nil {
			tries = append(tries, err)
			continue
		}
		fitting, value = append(fitting, i), v
	}
	if len(tries) == 1 {
		return fitting, value, tries[0]
	}
	return fitting, value, fmt.Errorf("%s fits none of the branches %s", short(raw), t.branchNames())
}

// looksLike reports whether a value of kind k can begin with c.
func looksLike(k schemas.Kind, c byte) bool {
	switch c {
	case '{':
		return k == schemas.Record || k == schemas.Map
	case '[':
		return k == schemas.Array
	case '"':
		return k == schemas.String || k == schemas.Bytes || k == schemas.Fixed || k == schemas.Enum || k == schemas.Float || k == schemas.Double
	case 't', 'f':
		return k == schemas.Boolean
	case 'n':
		return false
	}
	return k >= schemas.Int && k <= schemas.Double
}

func (t *Type) branchNames() string {
	var names []byte
	for i, b := range t.Node.Branches {
		if i > 0 {
			names = append(names, ", "...)
		}
		names = append(names, b.BranchName()...)
	}
	return string(names)
}

// short shows the beginning of text in an error.
func short(text []byte) string {
	const most = 40
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}

// checkText refuses text that encoding/json would read as something else: it replaces what is no UTF-8, and surrogates
// without a partner, by U+FFFD.
func checkText(text []byte) error {
	if !utf8.Valid(text) {
		return errors.New("the text is not UTF-8")
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
