package sample

import (
	"cmp"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/twmb/avro/ocf"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// magic begins a container file: https://avro.apache.org/docs/1.12.0/specification/#object-container-files
const magic = "Obj\x01"

// A marker is the 16 bytes behind each block, which a file's writer has drawn.
type marker [16]byte

// A header is what a container begins with.
type header struct {
	schema string
	codec  string
	sync   marker
}

// maxHeader is how large the texts of a header may be, its schema among them.
const maxHeader = 16 << 20

// readHeader reads what a container begins with.
func readHeader(in *input) (h header, err error) {
	var begin [len(magic)]byte
	if _, err := io.ReadFull(in, begin[:]); err != nil {
		return h, early(err)
	}
	if string(begin[:]) != magic {
		return h, fmt.Errorf("it begins with %q, and an Avro container file with %q: another version, or damaged", begin[:], magic)
	}
	room := maxHeader
	err = readMeta(in, &room, func(key string, value []byte) {
		switch key {
		case "avro.schema":
			h.schema = string(value)
		case "avro.codec":
			h.codec = string(value)
		}
	})
	if err == nil {
		_, err = io.ReadFull(in, h.sync[:])
	}
	if err == nil && h.schema == "" {
		err = errors.New("its header has no avro.schema")
	}
	return h, early(err)
}

// readMeta reads the map of a header, of at most room bytes.
func readMeta(in *input, room *int, entry func(key string, value []byte)) error {
	for {
		n, err := in.long()
		if n < 0 && err == nil {
			n = -n
			_, err = in.long() // bytes of the block
		}
		if n == 0 || err != nil {
			return err
		}
		for range uint64(n) {
			key, err := readText(in, room)
			if err != nil {
				return err
			}
			value, err := readText(in, room)
			if err != nil {
				return err
			}
			entry(string(key), value)
		}
	}
}

// readText reads a text of a header and takes it, with a byte for its length, off room.
func readText(in *input, room *int) ([]byte, error) {
	n, err := in.long()
	if err != nil {
		return nil, err
	}
	if n < 0 || n >= int64(*room) {
		return nil, fmt.Errorf("a text of %d bytes in it, which may have %d MB", n, maxHeader>>20)
	}
	*room -= int(n) + 1
	return in.take(nil, int(n))
}

// decompressor returns what undoes a compression, into at most MaxUnit bytes.
func decompressor(name string) (ocf.BoundedDecompressor, error) {
	var codec ocf.Codec
	switch cmp.Or(name, "null") {
	case "null":
		return nil, nil
	case "deflate":
		codec = ocf.DeflateCodec(flate.DefaultCompression)
	case "snappy":
		codec = ocf.SnappyCodec()
	case "zstandard":
		var err error
		if codec, err = ocf.ZstdCodec(nil, nil); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("its compression %q is unknown: null, deflate, snappy and zstandard are read; avro-tools recodec rewrites it", name)
	}
	return codec.(ocf.BoundedDecompressor), nil
}

// openContainer reads the header of a container.
func (r *Reader) openContainer(in *input) error {
	h, err := readHeader(in)
	if err != nil {
		return fmt.Errorf("%s: its header: %w", r.cfg.Name, err)
	}
	r.Form = "Avro container file"
	if r.Schema, err = schemas.Parse(r.cfg.Name, []byte(h.schema), ""); err != nil {
		return err
	}
	if want := r.cfg.Schema; want != nil {
		if where := schemas.Difference(r.Schema, want); where != "" {
			return fmt.Errorf("%s: it was not written with the schema of --schema: %s; without --schema its own is taken", r.cfg.Name, where)
		}
		r.Schema = want
	}
	c := &container{in: in, name: r.cfg.Name, sync: h.sync}
	r.units = c
	if c.decomp, err = decompressor(h.codec); err != nil {
		return fmt.Errorf("%s: %w", r.cfg.Name, err)
	}
	c.typ, err = access.Of(r.Schema)
	r.Type = c.typ
	return err
}

// inflate decompresses a block.
func inflate(d ocf.BoundedDecompressor, raw []byte) ([]byte, error) {
	b, err := d.DecompressBounded(raw, MaxUnit)
	if err != nil {
		why, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "ocf: "), " (raise ") // an option that users do not have
		return nil, fmt.Errorf("decompressing its %d bytes into at most %d MB: %s", len(raw), MaxUnit>>20, why)
	}
	return b, nil
}

// A container is the blocks of a container file.
type container struct {
	in     *input
	name   string
	sync   marker
	decomp ocf.BoundedDecompressor // nil if nothing is compressed
	typ    *access.Type

	n           int    // of the block read last, from 1
	at          int64  // where it begins
	block       []byte // what is left of it
	done, count int64  // records of it that have been read, and that it has
	total       int64  // records in blocks before it
	raw         []byte // it as it is in the file
}

// around names the block read last.
func (c *container) around() string { return fmt.Sprintf("%s: block %d at byte %d", c.name, c.n, c.at) }

func (c *container) place() string {
	return fmt.Sprintf("%s: record %d of %d (%d of the file)", c.around(), c.done, c.count, c.total+c.done)
}

func (c *container) next(r access.Ref) error {
	for c.done == c.count {
		if len(c.block) > 0 {
			err := faultAt(c.around(), fmt.Errorf("%s behind its %s", left(len(c.block)), plural.Count(int(c.count), "record")))
			c.block = nil
			return err
		}
		if err := c.open(); err != nil {
			return err
		}
	}
	rest, err := access.ReadAvro(c.typ, c.block, r)
	c.done++
	if err != nil {
		err = faultAt(c.place(), err)
		c.done, c.block = c.count, nil // where the next one begins, nobody knows
		return err
	}
	c.block = rest
	return nil
}

// A tear is a block that cannot be told from the next: its sizes or its marker are wrong.
type tear struct{ error }

// open reads the next block. Behind a torn one it looks for the next marker.
func (c *container) open() error {
	c.total += c.count
	c.done, c.count, c.at = 0, 0, c.in.at
	c.n++
	count, err := c.read()
	switch {
	case err == io.EOF:
		c.n--
		return err
	case errors.As(err, new(tear)):
		err = faultAt(c.around(), err)
		if lost := c.resync(); lost != nil {
			return lost
		}
		return err
	case err == errTruncated:
		return faultAt(c.around(), err)
	case err != nil:
		return fmt.Errorf("%s: %w", c.around(), err)
	}
	c.block = c.raw
	if c.decomp != nil {
		if c.block, err = inflate(c.decomp, c.raw); err != nil {
			return faultAt(c.around(), err)
		}
	}
	if count > int64(len(c.block))+slack {
		err = faultAt(c.around(), fmt.Errorf("%d records in %d bytes", count, len(c.block)))
		c.block = nil
		return err
	}
	c.count = count
	return nil
}

// slack is how many records without any bytes a block may have: its count could be anybody's invention.
const slack = 4 << 10

// read reads a block as it is in the file, and returns the number of its records.
func (c *container) read() (count int64, err error) {
	if count, err = c.in.long(); err == io.EOF {
		return 0, err
	}
	size := int64(0)
	if err == nil {
		size, err = c.in.long()
	}
	switch {
	case err == errNumber, err == nil && (count < 0 || size < 0):
		return 0, tear{errors.New("what should be the number of its records and that of its bytes is neither")}
	case err != nil:
		return 0, early(err)
	case size > MaxUnit:
		return 0, tear{fmt.Errorf("its size is given as %d bytes, more than %d MB", size, MaxUnit>>20)}
	}
	if c.raw, err = c.in.take(c.raw, int(size)); err != nil {
		return 0, err
	}
	var sync marker
	if _, err := io.ReadFull(c.in, sync[:]); err != nil {
		return 0, early(err)
	}
	if sync != c.sync {
		c.in.unread(append(c.raw, sync[:]...)) // a wrong size would have led past the next one
		return 0, tear{errors.New("the sync marker behind it is not that of the file: it is damaged")}
	}
	return count, nil
}

// resync passes all up to the next marker, or to the end.
func (c *container) resync() error {
	var last marker
	for n := 0; ; n++ {
		b, err := c.in.ReadByte()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", c.around(), err)
		}
		copy(last[:], last[1:])
		last[len(last)-1] = b
		if n >= len(last)-1 && last == c.sync {
			return nil
		}
	}
}
