package main

import (
	"io"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
	"golang.org/x/term"
)

// bar shows how an import goes on, on a terminal. Elsewhere it is silent.
type bar struct {
	w       progress.Writer
	tracker *progress.Tracker
}

func newBar(stderr io.Writer) *bar {
	f, ok := stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return &bar{}
	}
	w := progress.NewWriter()
	w.SetOutputWriter(f)
	w.SetUpdateFrequency(100 * time.Millisecond)
	w.SetAutoStop(false)
	go w.Render()
	return &bar{w: w}
}

// start begins a task of some size.
func (b *bar) start(task string, size int64) {
	if b.w == nil {
		return
	}
	b.finish()
	b.tracker = &progress.Tracker{Message: task, Total: size}
	b.w.AppendTracker(b.tracker)
}

func (b *bar) add(n int) {
	if b.tracker != nil {
		b.tracker.Increment(int64(n))
	}
}

func (b *bar) finish() {
	if b.tracker != nil {
		b.tracker.MarkAsDone()
	}
}

// stop leaves the last state on the screen and waits until it is drawn.
func (b *bar) stop() {
	if b.w == nil {
		return
	}
	b.finish()
	b.w.Stop()
	for b.w.IsRenderInProgress() {
		time.Sleep(10 * time.Millisecond)
	}
}
