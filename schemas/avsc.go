package schemas

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// A ParseError says what is wrong with schema text, and where.
type ParseError struct {
	File string
	Pos
	Err error
}

// Error returns one line: file:line: JSON path: what.
func (e *ParseError) Error() string {
	return fmt.Sprintf("%s:%d: %s: %v", e.File, e.Line, e.Path, e.Err)
}

// Unwrap returns what is wrong, without the place.
func (e *ParseError) Unwrap() error { return e.Err }

// maxText is how many bytes of a schema or a profile are read. What is made of text takes up to 120 times its length.
const maxText = 16 << 20

// ReadText returns the text in a file, which may be a pipe. One of over 16 MB, or without an end, is refused.
func ReadText(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadFrom(f, file)
}

// ReadFrom reads all text of in, which errors call file; see [ReadText].
func ReadFrom(in io.Reader, file string) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxText+1))
	if err == nil && len(text) > maxText {
		err = fmt.Errorf("%s: it has over %d MB, more than is read of a schema or a profile", file, maxText>>20)
	}
	return text, err
}

// Load reads the schema in a file; see [ParseSources] and [ReadSources].
func Load(file, typ string) (*Schema, error) {
	sources, err := ReadSources(file)
	if err != nil {
		return nil, err
	}
	return ParseSources(sources, typ)
}

// Parse reads Avro schema text. Its root must be a record or, if typ is not empty, define a record called typ: a full
// name, or a simple name that only one record has. A root that is a union (a JSON array) of definitions is read in
// order. Comments are allowed, as in Java, and so is UTF-16. File is the name that errors give, each of which is a
// *[ParseError], and warnings.
//
// What Java's reader passes over is passed over too where no record's bytes depend on it, with a warning: aliases that
// are no names, defaults of bytes, enums and fixed that do not fit, what stands twice in an object.
//
// The Go types are made at run time; [Bind] gives a schema with declared ones.
func Parse(file string, src []byte, typ string) (*Schema, error) {
	p := newParser(file)
	s, err := p.parse(src, typ)
	return s, inFile(file, err)
}

// inFile puts the name of a file into an error that it is about.
func inFile(file string, err error) error {
	if pe, ok := err.(*ParseError); ok {
		pe.File = cmp.Or(pe.File, file)
	}
	return err
}

// RecordNames returns the full names of the records that sources define, each of which [ParseSources] can choose, in order of
// definition.
func RecordNames(sources []Source) ([]string, error) {
	p := newParser("")
	p.library = &library{defs: map[string]*definition{}}
	for _, s := range sources {
		f, err := p.open(s)
		if err != nil {
			return nil, err
		}
		p.library.addFile(p, f, s.Name)
	}
	return p.library.order, nil
}

// readText reads src, and returns it as it was read, too.
func (p *parser) readText(src []byte) (*text, []byte, error) {
	src, err := toUTF8(src)
	if err != nil {
		return nil, nil, &ParseError{Pos: Pos{1, &Path{step: "$"}}, Err: err}
	}
	src = blankComments(src)
	t, err := parseText(src, p.warn)
	return t, src, err
}

func (p *parser) parse(src []byte, typ string) (*Schema, error) {
	t, src, err := p.readText(src)
	if err != nil {
		return nil, err
	}
	p.src = src
	return p.schema(t, typ)
}

// schema reads the record called typ in t, or t itself.
func (p *parser) schema(t *text, typ string) (*Schema, error) {
	root, err := p.node(t, "")
	if err == nil {
		err = p.missed()
	}
	if err != nil {
		return nil, err
	}
	if err := p.checkDefaults(); err != nil {
		return nil, err
	}
	if root, err = p.choose(root, typ); err != nil {
		return nil, err
	}
	if root, err = unfold(root); err != nil {
		return nil, err
	}
	if err := makeTypes(root, nil); err != nil {
		return nil, err
	}
	src := p.src
	if src == nil || len(p.inline) > 0 {
		src = p.render(nil, t)
	}
	return &Schema{Name: root.Name, Root: root, Text: string(src), Warnings: p.warnings}, nil
}

// A parser turns JSON text into nodes. Its graph has cycles where a type is recursive; unfold takes them out.
type parser struct {
	file         string
	named        map[string]*Node
	order        []*Node // named, in order of definition
	defaults     []func() error
	fits, nearly fitter // what a default is, and what Java takes for one
	warnings     []string
	missing      []missing // types that are not defined

	// Of several sources: all they define, in which file each type that has been read was, which of them were read because
	// something named them, and what is to stand in the place of such a reference.
	library *library
	files   map[string]string
	pulled  map[string]bool
	inline  map[*text]*definition
	src     []byte // what the schema was read from, if that has all it needs
}

func newParser(file string) *parser {
	return &parser{file: file, named: map[string]*Node{}, files: map[string]string{}, pulled: map[string]bool{}, inline: map[*text]*definition{}, fits: newFitter(false), nearly: newFitter(true)}
}

// warn notes what is odd at pos and no error.
func (p *parser) warn(pos Pos, format string, args ...any) {
	odd := ParseError{File: p.file, Pos: pos, Err: fmt.Errorf(format, args...)}
	p.warnings = append(p.warnings, odd.Error())
}

func errAt(t *text, format string, args ...any) error {
	return &ParseError{Pos: t.pos, Err: fmt.Errorf(format, args...)}
}

// choose returns the record that typ names, or root.
func (p *parser) choose(root *Node, typ string) (*Node, error) {
	var records []string
	var found []*Node
	for _, n := range p.order {
		if n.Kind != Record {
			continue
		}
		records = append(records, n.Name)
		if n.Name == typ {
			return n, nil
		}
		if n.Name[strings.LastIndexByte(n.Name, '.')+1:] == typ {
			found = append(found, n)
		}
	}
	names := strings.Join(records, ", ")
	switch {
	case typ == "" && root.Kind == Record:
		return root, nil
	case typ == "" && len(records) == 0:
		return nil, &ParseError{Pos: root.pos, Err: fmt.Errorf("the schema is %s: only a record can be measured", root.Kind.Noun())}
	case typ == "":
		return nil, &ParseError{Pos: root.pos, Err: fmt.Errorf("the schema is %s: choose one of its records with --type: %s", root.Kind.Noun(), names)}
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, &ParseError{Pos: root.pos, Err: fmt.Errorf("%d records are called %q: give the full name: %s", len(found), typ, names)}
	}
	return nil, &ParseError{Pos: root.pos, Err: fmt.Errorf("no record is called %q: there are %s", typ, names)}
}

// node reads the type in t, in the namespace ns.
func (p *parser) node(t *text, ns string) (*Node, error) {
	switch t.delim {
	case '[':
		return p.union(t, ns)
	case '{':
		return p.object(t, ns)
	}
	name, ok := t.str()
	if !ok {
		return nil, errAt(t, "a type is a name, an object or an array, not %s", t.show())
	}
	return p.reference(t, t, name, ns)
}

// reference returns the primitive or the named type called name, as t says. It stands where whole does.
func (p *parser) reference(t, whole *text, name, ns string) (*Node, error) {
	if k, ok := primitive(name); ok {
		return &Node{Kind: k, pos: t.pos}, nil
	}
	full := name
	if !strings.Contains(name, ".") && ns != "" {
		full = ns + "." + name
	}
	if n := p.named[full]; n != nil {
		return n, nil
	}
	if n := p.named[name]; n != nil {
		return n, nil
	}
	for _, full := range []string{full, name} {
		if n, err := p.pull(whole, full); n != nil || err != nil {
			return n, err
		}
	}
	if meant := p.near(name); meant != "" {
		return nil, errAt(t, "unknown type %s%s", t.show(), meant)
	}
	p.missing = append(p.missing, missing{t, p.file, full})
	return &Node{Kind: Record, Name: full, pos: t.pos}, nil // so that all that are missing are named
}

// near proposes defined names for a mistyped one.
func (p *parser) near(name string) string {
	for _, n := range p.order {
		if strings.EqualFold(n.Name, name) || strings.EqualFold(n.Name[strings.LastIndexByte(n.Name, '.')+1:], name) {
			return fmt.Sprintf(": did you mean %q?", n.Name)
		}
	}
	for _, k := range kindNames[:String+1] {
		if strings.HasPrefix(name, k) || strings.EqualFold(name, k) {
			return fmt.Sprintf(": did you mean %q?", k)
		}
	}
	return ""
}

func primitive(name string) (Kind, bool) {
	i := slices.Index(kindNames[:String+1], name)
	return Kind(max(i, 0)), i >= 0
}

func (p *parser) union(t *text, ns string) (*Node, error) {
	n := &Node{Kind: Union, pos: t.pos}
	seen := map[string]bool{}
	for _, item := range t.items {
		b, err := p.node(item, ns)
		if err != nil {
			return nil, err
		}
		if b.Kind == Union {
			return nil, errAt(item, "a union stands directly in a union")
		}
		if seen[b.BranchName()] {
			return nil, errAt(item, "the union has two branches of type %s", b.BranchName())
		}
		seen[b.BranchName()] = true
		n.Branches = append(n.Branches, b)
	}
	return n, nil
}

func (p *parser) object(t *text, ns string) (*Node, error) {
	typ := t.get("type")
	if typ == nil {
		return nil, errAt(t, `"type" is missing`)
	}
	name, ok := typ.str()
	if !ok { // {"type": {"type": "string"}}: what Java reads as the inner type, annotations of the outer one lost
		return nil, errAt(typ, `"type" of a type must be a name; put the inner type here instead`)
	}
	if k := slices.Index(kindNames[:], name); name == "error" || k >= 0 && Kind(k).Named() {
		if n := p.again(t, ns); n != nil {
			return n, nil
		}
	}
	n := &Node{pos: t.pos, Doc: docOf(t)}
	if err := annotate(n, t); err != nil {
		return nil, err
	}
	switch name {
	case "record", "error":
		n.Kind = Record
		return n, p.record(n, t, ns)
	case "enum":
		n.Kind = Enum
		return n, p.enum(n, t, ns)
	case "fixed":
		n.Kind = Fixed
		return n, p.fixed(n, t, ns)
	case "array":
		n.Kind = Array
		return n, p.items(n, t, "items", ns)
	case "map":
		n.Kind = Map
		return n, p.items(n, t, "values", ns)
	}
	k, ok := primitive(name)
	if !ok {
		if own := t.get("profile"); own != nil { // the type has its own, and is the same wherever it stands
			return nil, errAt(own, `"profile" beside the name of a defined type: put it on the field or into the definition of %s`, name)
		}
		return p.reference(typ, t, name, ns)
	}
	n.Kind = k
	return n, setLogical(n, t)
}

func docOf(t *text) string {
	if d := t.get("doc"); d != nil {
		s, _ := d.str()
		return s
	}
	return ""
}

// annotate reads the attributes that any type object may have.
func annotate(n *Node, t *text) error {
	var err error
	if n.JavaClass, err = javaClass(t); err != nil {
		return err
	}
	if a := t.get("java-array"); a != nil {
		is, ok := a.token.(bool)
		if !ok {
			return errAt(a, `"java-array" is true or false, not %s`, a.show())
		}
		n.JavaArray = is
	}
	n.Profile = rawOf(t, "profile")
	n.Args = rawOf(t, "arg.properties")
	return nil
}

// javaClass reads "java-class". Classes other than JavaClasses, such as Avro's own "java.util.concurrent.…" ones, are kept
// and mean nothing.
func javaClass(t *text) (string, error) {
	c := t.get("java-class")
	if c == nil {
		return "", nil
	}
	s, ok := c.str()
	if !ok {
		return "", errAt(c, `"java-class" is a class name, not %s`, c.show())
	}
	switch s {
	case "java.lang.Short":
		return "short", nil
	case "java.lang.Byte":
		return "byte", nil
	}
	return s, nil
}

func rawOf(t *text, key string) json.RawMessage {
	if v := t.get(key); v != nil {
		return v.raw
	}
	return nil
}

// setLogical reads a logical type. One that does not fit its base type is ignored, as the specification says.
func setLogical(n *Node, t *text) error {
	lt := t.get("logicalType")
	if lt == nil {
		return nil
	}
	name, _ := lt.str()
	l := Logical(max(slices.Index(logicalNames[:], name), 0))
	switch {
	case l == Decimal && (n.Kind == Bytes || n.Kind == Fixed):
		return setDecimal(n, t)
	case l == UUID && n.Kind == String,
		(l == Date || l == TimeMillis) && n.Kind == Int,
		l >= TimeMicros && n.Kind == Long:
		n.Logical = l
	}
	return nil
}

// setDecimal reads a decimal's precision and scale, which Java has 32 bits for.
func setDecimal(n *Node, t *text) error {
	for _, key := range []string{"precision", "scale"} {
		if v := t.get(key); v != nil && tooLarge(v) {
			return errAt(v, "%q of a decimal is %s, more than 32 bits hold", key, v.show())
		}
	}
	precision, scale := intOf(t.get("precision"), 0), intOf(t.get("scale"), 0)
	if precision < 1 || scale < 0 || scale > precision {
		return nil
	}
	if n.Kind == Fixed && float64(precision) > math.Floor(float64(8*n.Size-1)*math.Log10(2)) {
		return nil
	}
	n.Logical, n.Precision, n.Scale = Decimal, precision, scale
	return nil
}

// tooLarge reports whether t is an integer that 32 bits do not hold.
func tooLarge(t *text) bool {
	num, _ := t.token.(json.Number)
	_, err := strconv.ParseInt(string(num), 10, 32)
	return errors.Is(err, strconv.ErrRange)
}

// intOf returns the integer in t, none if t is absent, and -1 if it is no integer.
func intOf(t *text, none int) int {
	if t == nil {
		return none
	}
	num, _ := t.token.(json.Number)
	v, err := strconv.Atoi(string(num))
	if err != nil {
		return -1
	}
	return v
}

// define gives n its name and enters it, and returns the namespace of what stands inside.
func (p *parser) define(n *Node, t *text, ns string) (string, error) {
	nameText := t.get("name")
	if nameText == nil {
		return "", errAt(t, `the %s has no "name"`, n.Kind)
	}
	name, _ := nameText.str()
	if own := t.get("namespace"); own != nil && !strings.Contains(name, ".") {
		s, ok := own.str()
		if !ok || s != "" && !validName(s) {
			return "", errAt(own, "invalid namespace %s", own.show())
		}
		ns = s
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		ns, name = name[:i], name[i+1:]
	}
	if !validName(name) || ns != "" && !validName(ns) {
		return "", errAt(nameText, "invalid name %s: letters, digits and _ only, not a digit first", nameText.show())
	}
	if _, ok := primitive(name); ok && ns == "" { // in a namespace Java allows it
		return "", errAt(nameText, "%q is the name of a primitive type", name)
	}
	n.Name = qualify(ns, name)
	if p.named[n.Name] != nil {
		return "", errAt(nameText, "%s is defined twice, first in line %d", n.Name, p.named[n.Name].pos.Line)
	}
	aliases, err := p.aliases(t)
	if err != nil {
		return "", err
	}
	for _, a := range aliases {
		if !strings.Contains(a, ".") {
			a = qualify(ns, a)
		}
		n.Aliases = append(n.Aliases, strings.TrimPrefix(a, ".")) // ".Name" has no namespace
	}
	p.named[n.Name], p.files[n.Name] = n, p.file
	p.order = append(p.order, n)
	return ns, nil
}

func qualify(ns, name string) string {
	if ns == "" {
		return name
	}
	return ns + "." + name
}

// validName reports whether s is names joined by dots.
func validName(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || part[0] >= '0' && part[0] <= '9' {
			return false
		}
		for _, c := range part {
			if c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
				return false
			}
		}
	}
	return true
}

// textsIn reads an optional list of texts.
func textsIn(t *text, key string) ([]*text, error) {
	list := t.get(key)
	if list == nil {
		return nil, nil
	}
	if list.delim != '[' {
		return nil, errAt(list, "%q is a list of names, not %s", key, list.show())
	}
	for _, item := range list.items {
		if _, ok := item.str(); !ok {
			return nil, errAt(item, "invalid name %s", item.show())
		}
	}
	return list.items, nil
}

// aliases reads the optional list of other names. Nothing that is written depends on them.
func (p *parser) aliases(t *text) ([]string, error) {
	items, err := textsIn(t, "aliases")
	var names []string
	for _, item := range items {
		s, _ := item.str()
		if !validName(strings.TrimPrefix(s, ".")) {
			p.warn(item.pos, "the alias %s is no name: it is ignored", item.show())
			continue
		}
		names = append(names, s)
	}
	return names, err
}

func (p *parser) record(n *Node, t *text, ns string) error {
	ns, err := p.define(n, t, ns)
	if err != nil {
		return err
	}
	fields := t.get("fields")
	if fields == nil || fields.delim != '[' {
		return errAt(t, `record %s has no list "fields"`, n.Name)
	}
	lines := map[string]int{}
	for _, ft := range fields.items {
		f, err := p.field(ft, ns)
		if err != nil {
			return err
		}
		if lines[f.Name] > 0 {
			return errAt(ft, "field %s is defined twice, first in line %d", f.Name, lines[f.Name])
		}
		lines[f.Name] = f.pos.Line
		n.Fields = append(n.Fields, f)
	}
	return nil
}

func (p *parser) field(t *text, ns string) (*Field, error) {
	nameText, typ := t.get("name"), t.get("type")
	if t.delim != '{' || nameText == nil || typ == nil {
		return nil, errAt(t, `a field is an object with "name" and "type"`)
	}
	name, _ := nameText.str()
	if !validName(name) || strings.Contains(name, ".") {
		return nil, errAt(nameText, "invalid field name %s: letters, digits and _ only, not a digit first", nameText.show())
	}
	f := &Field{Name: name, Doc: docOf(t), Default: rawOf(t, "default"), Profile: rawOf(t, "profile"), Args: rawOf(t, "arg.properties"), pos: t.pos}
	var err error
	if f.Aliases, err = p.aliases(t); err != nil {
		return nil, err
	}
	if f.JavaClass, err = javaClass(t); err != nil {
		return nil, err
	}
	if err := checkOrder(t.get("order")); err != nil {
		return nil, err
	}
	if f.Type, err = p.node(typ, ns); err != nil {
		return nil, err
	}
	if d := t.get("default"); d != nil {
		file := p.file
		p.defaults = append(p.defaults, func() error {
			p.file = file
			return inFile(file, p.checkDefault(f, d))
		})
	}
	return f, nil
}

// checkDefault checks the default d of field f. What Java takes for one is no error.
func (p *parser) checkDefault(f *Field, d *text) error {
	err := p.fits.check(f.Type, d)
	if err == nil {
		return nil
	}
	if p.nearly.check(f.Type, d) != nil {
		return errAt(d, "default of field %s: %w", f.Name, err)
	}
	p.warn(d.pos, "default of field %s: %w: it is ignored", f.Name, err)
	return nil
}

// checkOrder checks how a field takes part in the order of records, which nothing here sorts.
func checkOrder(t *text) error {
	if t == nil {
		return nil
	}
	if s, _ := t.str(); s != "ascending" && s != "descending" && s != "ignore" {
		return errAt(t, `"order" is ascending, descending or ignore, not %s`, t.show())
	}
	return nil
}

func (p *parser) enum(n *Node, t *text, ns string) error {
	if _, err := p.define(n, t, ns); err != nil {
		return err
	}
	items, err := textsIn(t, "symbols")
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return errAt(t, `enum %s has no "symbols"`, n.Name)
	}
	seen := map[string]bool{}
	for _, item := range items {
		s, _ := item.str()
		switch {
		case !validName(s) || strings.Contains(s, "."):
			return errAt(item, "invalid symbol %s: letters, digits and _ only, not a digit first", item.show())
		case seen[s]:
			return errAt(item, "symbol %q stands twice", s)
		}
		seen[s] = true
		n.Symbols = append(n.Symbols, s)
	}
	return p.enumDefault(n, t.get("default"))
}

// enumDefault reads the symbol for unknown ones. What is no text is none, as in Java.
func (p *parser) enumDefault(n *Node, d *text) error {
	if d == nil {
		return nil
	}
	s, ok := d.str()
	switch {
	case !ok:
		p.warn(d.pos, "the default %s of enum %s is no symbol: it is ignored", d.show(), n.Name)
	case !slices.Contains(n.Symbols, s):
		return errAt(d, "the default %s is none of the symbols", d.show())
	}
	n.Default = s
	return nil
}

// maxFixed keeps the Go array type of a fixed small enough to allocate.
const maxFixed = 1 << 20

func (p *parser) fixed(n *Node, t *text, ns string) error {
	if _, err := p.define(n, t, ns); err != nil {
		return err
	}
	n.Size = intOf(t.get("size"), -1)
	if n.Size < 0 || n.Size > maxFixed {
		return errAt(t, `fixed %s needs a "size" from 0 to %d`, n.Name, maxFixed)
	}
	return setLogical(n, t)
}

func (p *parser) items(n *Node, t *text, key, ns string) error {
	it := t.get(key)
	if it == nil {
		return errAt(t, "the %s has no %q", n.Kind, key)
	}
	var err error
	n.Items, err = p.node(it, ns)
	return err
}

func (p *parser) checkDefaults() error {
	for _, check := range p.defaults {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}
