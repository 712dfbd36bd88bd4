// What `hostile_program.py` does, by Node's `readFileSync` and `writeFileSync`, as editors made of Electron save.
// node hostile_program.js marks|lengths NOTE DATE

const fs = require('fs');
const { dirname, join } = require('path');
const [mode, path, date] = process.argv.slice(2);
const expected = new Map();
let added = new Set(), edits = 0, late = 0, outOfOrder = 0, stop = false, ended = false;
let missed = [], back = [];  // Lines that it wrote and that are missing as yet; that it took away and that are there again.
let overdue = [];  // Lines that were missing when it wrote the same again: its earlier edit may still come.
process.stdin.on('data', () => { stop = true; });
process.stdin.on('end', () => { ended = true; });

const any = list => list[Math.floor(Math.random() * list.length)];
const nameOf = line => line.slice(6).replace(date, '');
const isTheirs = line => /^- \[[ x]\] theirs /.test(line);
const isAdded = line => line.startsWith('added ');

function seeWhatCameLate(lines) {
  for (const line of missed.filter(line => lines.has(line))) {
    late++;
    if (isAdded(line)) added.add(line); else expected.set(nameOf(line), line);
  }
  for (const line of back.filter(line => !lines.has(line))) { late++; added.delete(line); }
  missed = missed.filter(line => !lines.has(line));
  back = back.filter(line => lines.has(line));
}

function look(text) {
  const lines = new Set(text), now = new Map(text.filter(isTheirs).map(line => [nameOf(line), line]));
  seeWhatCameLate(lines);
  for (const [name, line] of expected) {
    const found = now.get(name);
    if (found === line) continue;
    if (overdue.includes(found)) { overdue.splice(overdue.indexOf(found), 1); outOfOrder++; } else missed.push(line);
    expected.set(name, found);
  }
  const found = new Set(text.filter(isAdded));
  missed.push(...[...added].filter(line => !found.has(line)));
  back.push(...[...found].filter(line => !added.has(line)));
  added = found;
}

function inCopies() {
  const names = fs.readdirSync(dirname(path)).filter(name => name.includes('(conflict '));
  const copies = names.map(name => new Set(fs.readFileSync(join(dirname(path), name), 'utf8').split('\n')));
  return missed.filter(line => copies.some(copy => copy.has(line))).length
    + back.filter(line => copies.some(copy => !copy.has(line))).length;
}

function edit(lines) {
  edits++;
  const what = mode === 'lengths' ? any([0, 1, 2, 3]) : 0;
  if (what === 1) {
    const line = `added ${edits}`;
    added.add(line);
    lines.splice(1 + Math.floor(Math.random() * (lines.length - 1)), 0, line);
  } else if (what === 2 && added.size) {
    const line = any([...added]);
    added.delete(line);
    lines.splice(lines.indexOf(line), 1);
  } else {
    const old = any(lines.filter(isTheirs)), name = nameOf(old);
    const line = old[3] === 'x' ? `- [ ] ${name}` : `- [x] ${name}${mode === 'lengths' ? date : ''}`;
    expected.set(name, line);
    if (missed.includes(line)) { missed.splice(missed.indexOf(line), 1); overdue.push(line); }
    lines[lines.indexOf(old)] = line;
  }
  return lines;
}

function step() {
  const lines = fs.readFileSync(path, 'utf8').split('\n');
  if (ended) {
    look(lines);
    const copied = inCopies();
    console.log(JSON.stringify([edits, missed.length + back.length - copied, late, copied, outOfOrder]));
    process.exit(0);
  }
  if (!stop) {
    look(lines);
    fs.writeFileSync(path, edit(lines).join('\n'));
  }
  setTimeout(step, 2 + Math.random() * 4);
}
step();
