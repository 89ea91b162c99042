package access

import (
	"errors"
	"fmt"
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
func ParseJSON(t *Type, text []byte, r Ref) error { return parse(t, text, r, parser{}) }

// ParseSparse is ParseJSON of plain JSON, whose records leave out fields: one that is missing has its default, or is null
// where it may be. Others are an error as they are there.
func ParseSparse(t *Type, text []byte, r Ref) error { return parse(t, text, r, parser{sparse: true}) }

// maxDepth bounds the recursion of reading a record, whose schema may be recursive.
const maxDepth = 1000

var errDepth = fmt.Errorf("nested more than %d deep", maxDepth)

// ParseLiteral is ParseJSON of plain JSON, as profiles have it: a value in a union is null, or else of the first branch
// that is not null, and has no tag.
func ParseLiteral(t *Type, text []byte, r Ref) error { return parse(t, text, r, parser{plain: true}) }

// parse reads text, which must hold one value, with a parser that says how.
func parse(t *Type, text []byte, r Ref, p parser) error {
	if err := checkText(text); err != nil {
		return err
	}
	p.text, p.work = text, 1000+100*len(text)
	return p.value(t, r)
}

// A parser reads one value. Work falls with all that is read, and read again, since untagged unions within unions could
// be read in exponentially many ways.
type parser struct {
	cursor
	plain  bool // no union is tagged
	sparse bool // fields may be missing
	depth  int
	work   int
}

var errWork = errors.New("unions without tags can be read in too many ways: tag them")

func (p *parser) value(t *Type, r Ref) error {
	if p.work -= 1; p.work < 0 {
		return errWork
	}
	if t.Kind.Scalar() {
		tok := p.token()
		p.work -= len(tok)
		return setScalar(t, r, tok)
	}
	if p.depth++; p.depth > maxDepth {
		return errDepth
	}
	defer func() { p.depth-- }()
	switch t.Kind {
	case schemas.Record:
		return p.record(t, r)
	case schemas.Union:
		return p.union(t, r)
	case schemas.Array:
		return p.array(t, r)
	}
	return p.entries(t, r)
}

// setScalar makes the scalar of type t at r what tok says.
func setScalar(t *Type, r Ref, tok []byte) error {
	var err error
	ok := false
	switch t.Kind {
	case schemas.Null:
		ok = tok[0] == 'n'
	case schemas.Boolean:
		ok = tok[0] == 't' || tok[0] == 'f'
		r.SetBool(tok[0] == 't')
	case schemas.Int:
		var v int64
		v, ok, err = integer(tok, 32)
		r.SetInt(int32(v))
	case schemas.Long:
		var v int64
		v, ok, err = integer(tok, 64)
		r.SetLong(v)
	case schemas.Float, schemas.Double:
		ok, err = setFloat(t, r, tok)
	case schemas.String:
		if ok = tok[0] == '"'; ok {
			r.SetText(unquoted(tok))
		}
	case schemas.Enum:
		if ok = tok[0] == '"'; ok {
			err = setSymbol(t, r, unquoted(tok))
		}
	case schemas.Bytes, schemas.Fixed:
		ok, err = setBytes(t, r, tok)
	}
	if err == nil && !ok {
		err = fmt.Errorf("%s is no %s", describe(tok), t.Node.BranchName())
	}
	return err
}

func setSymbol(t *Type, r Ref, symbol string) error {
	i := slices.Index(t.Node.Symbols, symbol)
	if i < 0 {
		return fmt.Errorf("%q is no symbol of %s", shortened(symbol), t.Node.Name)
	}
	r.SetText(t.Node.Symbols[i])
	return nil
}

func isNumber(tok []byte) bool { return tok[0] == '-' || tok[0] >= '0' && tok[0] <= '9' }

func integer(tok []byte, bits int) (int64, bool, error) {
	if !isNumber(tok) {
		return 0, false, nil
	}
	v, err := strconv.ParseInt(string(tok), 10, bits)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, false, fmt.Errorf("%s does not fit %d bits", shortened(tok), bits)
	case err != nil:
		return 0, false, fmt.Errorf("%s is no integer", shortened(tok))
	}
	return v, true, nil
}

// javaNaN is the only NaN that Java's serializers write.
var javaNaN = math.Float64frombits(0x7ff8000000000000)

var specialFloats = map[string]float64{"NaN": javaNaN, "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)}

func setFloat(t *Type, r Ref, tok []byte) (bool, error) {
	var v float64
	switch {
	case isNumber(tok):
		var err error
		bits := 64
		if t.Kind == schemas.Float {
			bits = 32
		}
		if v, err = strconv.ParseFloat(string(tok), bits); err != nil {
			return false, fmt.Errorf("%s does not fit a %s", shortened(tok), t.Kind)
		}
	case tok[0] == '"':
		special, ok := specialFloats[unquoted(tok)]
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

func setBytes(t *Type, r Ref, tok []byte) (bool, error) {
	if tok[0] != '"' {
		return false, nil
	}
	s := unquoted(tok)
	b := make([]byte, 0, utf8.RuneCountInString(s))
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

// open passes the bracket that a value of type t begins with.
func (p *parser) open(t *Type, want byte) error {
	if tok := p.token(); tok[0] != want {
		return fmt.Errorf("%s is no %s", describe(tok), t.Node.BranchName())
	}
	return nil
}

// key passes the key of an object's member.
func (p *parser) key() string {
	tok := p.token()
	p.work -= len(tok)
	return unquoted(tok)
}

func (p *parser) record(t *Type, r Ref) error {
	if err := p.open(t, '{'); err != nil {
		return err
	}
	if t.Form == Box {
		r, t = t.MakeBox(r), t.Elem
	}
	seen := make([]bool, len(t.Fields))
	for next := 0; p.more(); next++ {
		key := p.key()
		if next = t.indexOf(key, next); next < 0 {
			return fmt.Errorf("%s has no field %q%s", t.Node.Name, shortened(key), t.fieldNames())
		}
		f := &t.Fields[next]
		if seen[next] {
			return fmt.Errorf("field %s stands twice", f.Name)
		}
		seen[next] = true
		if err := p.value(f.Type, r.At(f.Offset)); err != nil {
			return at(f.Name, err)
		}
	}
	for i, there := range seen {
		if !there && !p.missing(&t.Fields[i], r) {
			return fmt.Errorf("field %s of %s is missing", t.Fields[i].Name, t.Node.Name)
		}
	}
	p.token()
	return nil
}

// missing gives a field of the record at r, which the text does not have, the value that it then has, if it may be missing.
func (p *parser) missing(f *Field, r Ref) bool {
	v, deflt := r.At(f.Offset), f.Schema.Default
	p.work -= len(deflt)
	switch {
	case !p.sparse:
		return false
	case deflt != nil && parse(f.Type, deflt, v, parser{plain: true, sparse: true, depth: p.depth}) == nil:
		return true
	case f.Type.Kind == schemas.Union && f.Type.Null >= 0:
		f.Type.SetBranch(v, f.Type.Null)
		return true
	}
	return f.Type.Kind == schemas.Null
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
	t.MakeSlice(r, 0)
	for i := 0; p.more(); i++ {
		if err := p.value(t.Elem, t.extend(r, i)); err != nil {
			return at(fmt.Sprintf("[%d]", i), err)
		}
	}
	p.token()
	return nil
}

func (p *parser) entries(t *Type, r Ref) error {
	if err := p.open(t, '{'); err != nil {
		return err
	}
	t.MakeMap(r, 0)
	for p.more() {
		key, v := p.key(), t.Elem.Alloc()
		if err := p.value(t.Elem, v); err != nil {
			return at(fmt.Sprintf("{%s}", key), err)
		}
		if !t.Put(r, key, v) {
			return fmt.Errorf("key %q stands twice", key)
		}
	}
	p.token()
	return nil
}

func (p *parser) union(t *Type, r Ref) error {
	if p.peek() == 'n' && t.Null >= 0 {
		p.token()
		t.SetBranch(r, t.Null)
		return nil
	}
	if p.plain {
		return p.first(t, r)
	}
	begin := p.at
	tag, tagErr := p.tagged(t, r)
	if tag >= 0 && tagErr == nil {
		return nil
	}
	p.at = begin
	fitting, value, bareErr := p.bare(t)
	switch {
	case p.work < 0:
		return errWork
	case len(fitting) == 1:
		t.adopt(r, fitting[0], value)
		return nil
	case len(fitting) > 1:
		p.at = begin
		name := t.Node.Branches[fitting[0]].BranchName()
		return fmt.Errorf("%s fits the branches %s and %s: tag it, as {%q: …}", p.beginning(), name, t.Node.Branches[fitting[1]].BranchName(), name)
	case tag >= 0:
		return tagErr
	}
	return bareErr
}

// first reads the first branch that is not null.
func (p *parser) first(t *Type, r Ref) error {
	for i, b := range t.Branches {
		if i != t.Null {
			return p.value(b, t.SetBranch(r, i))
		}
	}
	return fmt.Errorf("%s fits none of the branches %s", p.beginning(), t.branchNames())
}

// tagged reads a value tagged with the name of a branch, whose index it returns, or -1. It is none with a tag if the
// object has another member, be it of the same name.
func (p *parser) tagged(t *Type, r Ref) (int, error) {
	if p.token()[0] != '{' || !p.more() {
		return -1, nil
	}
	name := p.key()
	i := slices.IndexFunc(t.Node.Branches, func(n *schemas.Node) bool { return n.BranchName() == name })
	if i < 0 || i == t.Null {
		return -1, nil
	}
	begin := p.at
	err := p.value(t.Branches[i], t.SetBranch(r, i))
	if err != nil {
		p.at = begin
		p.skip()
		p.work -= (p.at - begin) / 16
	}
	if p.more() {
		return -1, nil
	}
	p.token()
	return i, at(name, err)
}

// bare reads a value without a tag: it returns the branches that it fits, and the value of the last of them. Where it
// fits none, the error is that of the only branch whose JSON form is the value's, if there is one.
func (p *parser) bare(t *Type) (fitting []int, value Ref, err error) {
	var tries []error
	begin, end, c := p.at, p.at, p.peek()
	for i, b := range t.Branches {
		if i == t.Null || !looksLike(b.Kind, c) {
			continue
		}
		p.at = begin
		v := b.Alloc()
		if err := p.value(b, v); err != nil {
			tries = append(tries, err)
			continue
		}
		fitting, value, end = append(fitting, i), v, p.at
	}
	switch {
	case len(fitting) > 0:
		p.at = end
		return fitting, value, nil
	case len(tries) == 1:
		return nil, value, tries[0]
	}
	return nil, value, fmt.Errorf("%s fits none of the branches %s", cursor{p.text, begin}.beginning(), t.branchNames())
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
