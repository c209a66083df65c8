// Reads the log with the libraries of Go's checksum database (golang.org/x/mod/sumdb): opens the note, authenticates
// the tiles, and compares every proof with its own. Usage: go run with_sumdb.go LOG PROOFS
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type facts struct {
	Log []struct {
		Vkey, Root string
		Size       int64
	}
	Inclusion []struct {
		Index int64
		Leaf  string
		Proof []string
	}
	Consistency []struct {
		Old   int64
		Root  string
		Proof []string
	}
}

type directory string

func (d directory) Height() int { return 8 }

func (d directory) SaveTiles([]tlog.Tile, [][]byte) {}

func (d directory) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(d), path(tile)))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func path(tile tlog.Tile) string {
	rest := tile.N
	name := fmt.Sprintf("%03d", rest%1000)
	for rest >= 1000 {
		rest /= 1000
		name = fmt.Sprintf("x%03d/%s", rest%1000, name)
	}
	if tile.W < 256 {
		name = fmt.Sprintf("%s.p/%d", name, tile.W)
	}
	return fmt.Sprintf("tile/%d/%s", tile.L, name)
}

func hash(text string) (value tlog.Hash) {
	data, err := base64.StdEncoding.DecodeString(text)
	must(err)
	copy(value[:], data)
	return value
}

func hashes(lines []string) (values []tlog.Hash) {
	for _, line := range lines {
		values = append(values, hash(line))
	}
	return values
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func same(ours, theirs []tlog.Hash) {
	if len(ours)+len(theirs) > 0 && !reflect.DeepEqual(ours, theirs) {
		must(fmt.Errorf("the proofs differ"))
	}
}

func main() {
	var given facts
	data, err := os.ReadFile(os.Args[2])
	must(err)
	must(json.Unmarshal(data, &given))
	about := given.Log[0]
	verifier, err := note.NewVerifier(about.Vkey)
	must(err)
	checkpoint, err := os.ReadFile(filepath.Join(os.Args[1], "checkpoint"))
	must(err)
	opened, err := note.Open(checkpoint, note.VerifierList(verifier))
	must(err)
	if len(opened.Sigs) != 1 || len(opened.UnverifiedSigs) != 1 {
		must(fmt.Errorf("expected the log's signature and one that is not known here"))
	}
	tree := tlog.Tree{N: about.Size, Hash: hash(about.Root)}
	reader := tlog.TileHashReader(tree, directory(os.Args[1]))
	for _, fact := range given.Inclusion {
		theirs, err := tlog.ProveRecord(tree.N, fact.Index, reader)
		must(err)
		same(hashes(fact.Proof), theirs)
		must(tlog.CheckRecord(hashes(fact.Proof), tree.N, tree.Hash, fact.Index, hash(fact.Leaf)))
	}
	for _, fact := range given.Consistency {
		theirs, err := tlog.ProveTree(tree.N, fact.Old, reader)
		must(err)
		same(hashes(fact.Proof), theirs)
		must(tlog.CheckTree(hashes(fact.Proof), tree.N, tree.Hash, fact.Old, hash(fact.Root)))
	}
}
