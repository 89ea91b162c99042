package schemas

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// A Source is text that defines types: a schema, an Avro protocol (https://avro.apache.org/docs/1.12.0/specification/#protocol-declaration),
// or a schema registry's answer, an object whose "schema" is the text of one.
type Source struct {
	Name   string // of the file, in errors
	Text   []byte
	Folder string // that was named and holds the file, "" if the file itself was
}

// ReadSources reads the named files, and of folders all .avsc and .avpr files below, in order of their names.
func ReadSources(names ...string) ([]Source, error) {
	var sources []Source
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", name, pathless(err))
		}
		found := []string{name}
		if info.IsDir() {
			if found, err = schemasBelow(name); err != nil {
				return nil, err
			}
		}
		for _, file := range found {
			text, err := ReadText(file)
			if err != nil {
				return nil, err
			}
			s := Source{Name: file, Text: text}
			if info.IsDir() {
				s.Folder = name
			}
			sources = append(sources, s)
		}
	}
	return sources, nil
}

// pathless returns what a *fs.PathError says, without the path.
func pathless(err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// schemasBelow returns the files of schemas and protocols below a folder.
func schemasBelow(folder string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if ext := filepath.Ext(path); err == nil && !d.IsDir() && (ext == ".avsc" || ext == ".avpr") {
			found = append(found, path)
		}
		return err
	})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("%s: no file below it ends in .avsc or .avpr", folder)
	}
	return found, err
}

// ParseSources reads the record called typ, or that of the first source if typ is "", as [Parse] does. Types that it names
// and does not define are taken, by their full names, from all sources. What the first defines wins, and then what comes
// first; where others are not alike, there is a warning. The text of the schema has all that it needs in it.
func ParseSources(sources []Source, typ string) (*Schema, error) {
	if len(sources) == 0 {
		return nil, errors.New("no schema")
	}
	p := newParser(sources[0].Name)
	p.library = &library{defs: map[string]*definition{}}
	var main *text
	for i, s := range sources {
		f, err := p.open(s)
		if err != nil {
			return nil, err
		}
		if i == 0 && f.root != nil && s.Folder == "" {
			main, p.src = f.root, f.src
			if len(sources) > 1 {
				p.library.add(p, main, "", s.Name)
			}
			continue
		}
		p.library.addFile(p, f, s.Name)
	}
	s, err := p.parseMain(main, sources, typ)
	if err != nil {
		return nil, inFile(sources[0].Name, err)
	}
	return s.In(filepath.Dir(sources[0].Name)), nil
}

// parseMain reads main, the text of a record's definition or of several, and chooses a record of it or of the library.
func (p *parser) parseMain(main *text, sources []Source, typ string) (*Schema, error) {
	first := sources[0]
	if main != nil && (typ == "" || len(sources) == 1) {
		return p.schema(main, typ)
	}
	p.src = nil
	where := first.Name
	if first.Folder != "" {
		where = first.Folder
	}
	name, err := p.library.choose(where, typ)
	if err != nil {
		return nil, err
	}
	return p.schema(&text{token: name, raw: json.RawMessage(quote(name)), pos: Pos{1, &Path{step: "$"}}}, "")
}

// A file is the text of a source: a type, or the types of a protocol.
type file struct {
	src       []byte
	root      *text   // nil of a protocol
	types     []*text // of a protocol
	namespace string  // around types
}

// open reads the text of s.
func (p *parser) open(s Source) (f file, err error) {
	around := p.file
	p.file = s.Name
	defer func() { p.file, err = around, inFile(s.Name, err) }()
	t, src, err := p.readText(s.Text)
	if err != nil {
		return f, err
	}
	if inner := t.get("schema"); t.get("type") == nil && inner != nil {
		answer, ok := inner.str()
		if !ok {
			return f, errAt(inner, `"schema" of a registry's answer is the text of a schema, not %s`, inner.show())
		}
		if kind := t.get("schemaType"); kind != nil {
			if name, _ := kind.str(); name != "AVRO" {
				return f, errAt(kind, "the registry's schema is %s, and AVRO is what is read", kind.show())
			}
		}
		p.library.refer(t.get("references"))
		if t, src, err = p.readText([]byte(answer)); err != nil {
			return f, err
		}
	}
	if types := t.get("types"); t.get("protocol") != nil && types != nil {
		ns := ""
		if n := t.get("namespace"); n != nil {
			ns, _ = n.str()
		}
		if types.delim != '[' {
			return f, errAt(types, `"types" of a protocol is a list, not %s`, types.show())
		}
		return file{src: src, types: types.items, namespace: ns}, nil
	}
	return file{src: src, root: t}, nil
}

// A library is the named types of all sources, which are read when a type names them.
type library struct {
	defs       map[string]*definition // by full name
	order      []string               // full names of the records among them
	references []string               // of registry's answers, in words
}

// A definition is a named type.
type definition struct {
	text *text
	ns   string // around it
	file string
}

func (l *library) addFile(p *parser, f file, name string) {
	if f.root != nil {
		l.add(p, f.root, "", name)
	}
	for _, t := range f.types {
		l.add(p, t, f.namespace, name)
	}
}

// add adds the types that t defines, in the namespace ns. What is wrong with them is found when they are read.
func (l *library) add(p *parser, t *text, ns, file string) {
	for _, item := range t.items {
		l.add(p, item, ns, file)
	}
	if t.delim != '{' {
		return
	}
	kind := ""
	if typ := t.get("type"); typ != nil {
		kind, _ = typ.str()
	}
	for _, key := range []string{"items", "values"} {
		if inner := t.get(key); inner != nil {
			l.add(p, inner, ns, file)
		}
	}
	if !slices.Contains([]string{"record", "error", "enum", "fixed"}, kind) {
		return
	}
	full, inner := nameOf(t, ns)
	if had := l.defs[full]; had == nil {
		l.defs[full] = &definition{t, ns, file}
		if kind == "record" || kind == "error" {
			l.order = append(l.order, full)
		}
	} else if !alike(had.text, t) {
		around := p.file
		p.file = file
		p.warn(t.pos, "%s is defined here and in %s:%d, and not alike: the latter is taken", full, had.file, had.text.pos.Line)
		p.file = around
	}
	if fields := t.get("fields"); fields != nil {
		for _, f := range fields.items {
			if typ := f.get("type"); typ != nil {
				l.add(p, typ, inner, file)
			}
		}
	}
}

// nameOf returns the full name of the type that t defines in the namespace ns, and the namespace of what stands in it.
func nameOf(t *text, ns string) (full, inner string) {
	name := ""
	if n := t.get("name"); n != nil {
		name, _ = n.str()
	}
	if own := t.get("namespace"); own != nil && !strings.Contains(name, ".") {
		ns, _ = own.str()
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		ns, name = name[:i], name[i+1:]
	}
	return qualify(ns, name), ns
}

// alike reports whether two texts are the same JSON.
func alike(a, b *text) bool {
	var x, y any
	return json.Unmarshal(a.raw, &x) == nil && json.Unmarshal(b.raw, &y) == nil && reflect.DeepEqual(x, y)
}

// refer notes the references of a registry's answer.
func (l *library) refer(t *text) {
	if t == nil {
		return
	}
	for _, r := range t.items {
		said := func(key string) string {
			if v := r.get(key); v != nil {
				return strings.Trim(v.show(), `"`)
			}
			return "?"
		}
		l.references = append(l.references, fmt.Sprintf("%s (subject %s, version %s)", said("name"), said("subject"), said("version")))
	}
}

// matching returns the records that typ names: by its full name one, by its simple name perhaps several.
func (l *library) matching(typ string) []string {
	if slices.Contains(l.order, typ) {
		return []string{typ}
	}
	return slices.DeleteFunc(slices.Clone(l.order), func(full string) bool { return full[strings.LastIndexByte(full, '.')+1:] != typ })
}

// choose returns the full name of the record that typ names, or the only one there is.
func (l *library) choose(where, typ string) (string, error) {
	found := l.order
	if typ != "" {
		found = l.matching(typ)
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(l.order) == 0:
		return "", fmt.Errorf("%s: it defines no record: only a record can be measured", where)
	case typ == "":
		return "", fmt.Errorf("%s: it has several records: choose one with --type: %s", where, some(l.order))
	case len(found) > 1:
		return "", fmt.Errorf("%s: %d records are called %q: give the full name: %s", where, len(found), typ, some(found))
	}
	return "", fmt.Errorf("%s: no record is called %q: there are %s", where, typ, some(l.order))
}

// some joins names, of which there may be more than anybody reads.
func some(names []string) string {
	const most = 30
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// pull reads the definition of the type called full, if a source has one, for a reference which is t.
func (p *parser) pull(t *text, full string) (*Node, error) {
	if p.library == nil || p.library.defs[full] == nil {
		return nil, nil
	}
	d := p.library.defs[full]
	around := p.file
	p.file = d.file
	defer func() { p.file = around }()
	p.pulled[full] = true
	p.inline[t] = d
	n, err := p.node(d.text, d.ns)
	return n, inFile(d.file, err)
}

// again reports whether t defines, in the namespace ns, a type that was pulled out of its place or of another file: then t is
// no more than a reference.
func (p *parser) again(t *text, ns string) *Node {
	if p.library == nil {
		return nil
	}
	full, _ := nameOf(t, ns)
	n := p.named[full]
	if n == nil || !p.pulled[full] && p.files[full] == p.file {
		return nil
	}
	p.inline[t] = &definition{text: &text{raw: json.RawMessage(quote(full))}}
	return n
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string
	return string(b)
}

// render appends t with what it refers to in place of the reference.
func (p *parser) render(b []byte, t *text) []byte {
	if d := p.inline[t]; d != nil {
		return p.renderDefinition(b, d)
	}
	switch t.delim {
	case '[':
		b = append(b, '[')
		for i, item := range t.items {
			b = p.render(comma(b, i), item)
		}
		return append(b, ']')
	case '{':
		return append(p.renderMembers(append(b, '{'), t), '}')
	}
	return append(b, t.raw...)
}

func (p *parser) renderMembers(b []byte, t *text) []byte {
	for i, m := range t.members {
		b = append(append(comma(b, i), quote(m.key)...), ':')
		b = p.render(b, m.value)
	}
	return b
}

// renderDefinition appends a definition that stands in another namespace than its own.
func (p *parser) renderDefinition(b []byte, d *definition) []byte {
	if d.text.delim != '{' {
		return append(b, d.text.raw...)
	}
	b = append(b, '{')
	if _, ns := nameOf(d.text, d.ns); d.text.get("namespace") == nil {
		b = append(append(b, `"namespace":`...), quote(ns)...)
		b = append(b, ',')
	}
	return append(p.renderMembers(b, d.text), '}')
}

// A missing is a type that no source defines.
type missing struct {
	at   *text
	file string
	name string
}

// missed says which types are missing, and what to do about it.
func (p *parser) missed() error {
	if len(p.missing) == 0 {
		return nil
	}
	first := p.missing[0]
	var names []string
	for _, m := range p.missing {
		if n := p.named[m.name]; n != nil && m.file == p.file {
			return &ParseError{File: m.file, Pos: m.at.pos, Err: fmt.Errorf("unknown type %s: it is defined in line %d only, behind its use", m.at.show(), n.pos.Line)}
		}
		name := quote(m.name)
		if len(name) > mostShown {
			name = m.at.show()
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	what := "unknown type " + names[0] + ": name the file that defines it, too, with another --schema"
	if len(names) > 1 {
		what = "unknown types " + some(names) + ": name the files that define them, or their folder, too, with another --schema"
	}
	if p.library != nil && len(p.library.references) > 0 {
		what += "; the registry has " + some(p.library.references)
	}
	return &ParseError{File: first.file, Pos: first.at.pos, Err: errors.New(what)}
}
