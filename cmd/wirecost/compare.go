package main

import (
	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/cmd/internal/checks"
)

func newCompare() *cobra.Command { return checks.NewCompare("wirecost") }
