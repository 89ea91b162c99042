package main

import (
	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/cmd/internal/checks"
)

func newGate() *cobra.Command { return checks.NewGate("wirecost") }
