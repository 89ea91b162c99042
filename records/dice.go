package records

// Dice draw numbers and characters that belong to no record, such as stand-ins for values that must not be shown. They are
// the same in every run.
type Dice struct{ st stream }

// NewDice returns dice that begin at the state K(name).
func NewDice(name string) *Dice { return &Dice{stream{hash(name)}} }

// Between returns a uniform integer from lo to hi.
func (d *Dice) Between(lo, hi int64) int64 { return uniform(lo, hi)(&d.st, env{}) }

// Unit returns a uniform number from 0 to 1, without 1.
func (d *Dice) Unit() float64 { return d.st.unit() }

// Letter appends a character of a named alphabet, which must exist.
func (d *Dice) Letter(dst []byte, alphabet string) []byte {
	a := alphabets[alphabet]
	return a.add(dst, d.st.below(a.size))
}
