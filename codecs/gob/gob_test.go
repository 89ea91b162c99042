package gob_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/gob"
)

func TestGob(t *testing.T)      { codectest.Run(t, gob.Format) }
func TestGobFresh(t *testing.T) { codectest.Run(t, gob.Fresh) }

func FuzzGob(f *testing.F)      { codectest.Fuzz(f, gob.Format) }
func FuzzGobFresh(f *testing.F) { codectest.Fuzz(f, gob.Fresh) }
