#!/bin/bash
# dungeon32.sh OUT: the 32×32 tiles of Dungeon Crawl Stone Soup (CC0) as class folders in OUT, a folder that is made.
#
# They come from Debian's source package `crawl` through this machine's own apt: its sources, keys and proxies. apt's lists and cache
# lie in a folder of their own, so nothing of the machine changes and no rights are needed. Beside this script, dungeon32.txt tells
# which tile belongs to which class.
#
# What it says on stdout, a line each: `doing TEXT`, `progress PERCENT` (of the whole), `note TEXT` (about the result); and, when it
# fails, `error TEXT` and `hint TEXT`. All else on stderr is for the log.
set -u -o pipefail
export LC_ALL=C

package=crawl
mapping=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/dungeon32.txt
instead="or draw the starter set instead"

fail() {
  [ -f "${work-}/log" ] && tail -n 30 "$work/log" >&2
  printf 'error %s\nhint %s\n' "$1" "$2"
  exit 1
}

# apt's own option for each: nothing of the machine's state is written. As root, apt would fetch as another user, who may not write here.
apt_get() {
  local options=(-q -o "Dir::Etc::sourcelist=$work/sources.list" -o "Dir::Etc::sourceparts=$work/parts" -o "Dir::State::Lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o Acquire::Languages=none -o Acquire::Retries=1 -o Acquire::http::Timeout=30 -o APT::Status-Fd=3)
  [ "$(id -u)" = 0 ] && options+=(-o APT::Sandbox::User=root)
  (cd "$work/get" && apt-get "${options[@]}" "$@" 3>&1 >>"$work/log" 2>&1 </dev/null)
}

# Turns apt's account of a download, `dlstatus:1:20.5:…`, into progress from $1 to $2 percent.
show_download() {
  local kind percent
  while IFS=: read -r kind _ percent _; do
    percent=${percent%%.*}
    [ "$kind" = dlstatus ] && [[ $percent =~ ^[0-9]+$ ]] && echo "progress $(($1 + percent * ($2 - $1) / 100))"
  done
  return 0
}

# One-line entries asked for source packages: "deb" becomes "deb-src". What is commented out is left out.
one_line_sources() {
  sed -nE 's/#.*//; s/[[:space:]]+$//; s/^[[:space:]]*deb(-src)?[[:space:]]*([[:space:]]|\[)/deb-src \2/p' "$1" | sed -E 's/ +/ /' | awk '!seen[$0]++'
}

# The same for stanzas; all else in them stays. Those that are switched off are left out.
stanza_sources() {
  awk '
    function flush() { if (packages && on) print text; text = ""; packages = 0; on = 1; in_types = 0 }
    BEGIN { on = 1 }
    /^#/ { next }
    /^[ \t\r]*$/ { flush(); next }
    /^[^ \t]/ {
      field = tolower($0); sub(/:.*/, "", field)
      value = tolower($0); sub(/^[^:]*:[ \t]*/, "", value); sub(/[ \t\r]+$/, "", value)
      in_types = field == "types"
      if (in_types) { packages = value ~ /deb/; text = text "Types: deb-src\n"; next }
      if (field == "enabled") on = value != "no" && value != "false"
    }
    !in_types { text = text $0 "\n" }
    END { flush() }' "$1"
}

# This machine's sources, asked for source packages. A file that only root may read has passwords in it, not Debian's archive.
copy_sources() {
  local settings LIST='' PARTS='' file
  settings=$(apt-config shell LIST Dir::Etc::sourcelist/f PARTS Dir::Etc::sourceparts/d 2>>"$work/log") ||
    fail "this machine has no apt to fetch Debian's source package with" "do it on a Debian machine, $instead"
  eval "$settings"
  for file in "$LIST" "$PARTS"/*.list; do
    [ -f "$file" ] && [ -r "$file" ] && one_line_sources "$file"
  done >"$work/sources.list"
  for file in "$PARTS"/*.sources; do
    [ -f "$file" ] && [ -r "$file" ] && stanza_sources "$file" >"$work/parts/$(basename "$file")"
  done
  [ -n "$(cat "$work/sources.list" "$work"/parts/* 2>/dev/null)" ] ||
    fail "no archive is named in this machine's apt configuration" "name a Debian mirror there, $instead"
}

# What went wrong, by what apt said.
refuse_download() {
  said() { grep -q "$1" "$work/log"; }
  said 'Failed to fetch\|Could not resolve\|Temporary failure\|Could not connect' &&
    fail "Debian's archive could not be reached" "check the network, $instead"
  said "Unable to find a source package\|You must put some 'deb-src'" &&
    fail "the archives that this machine's apt knows have no source package “$package”" "name a Debian mirror in apt's sources, $instead"
  said 'No space left' && fail "there is no room for what is downloaded" "make room in the folder for temporary files"
  fail "apt could not fetch the source package “$package”" "the log says what it said, $instead"
}

fetch() {
  echo "doing fetching the archive's lists"
  # An archive without sources makes this fail and does no harm: what counts is whether the package is found.
  apt_get update | show_download 0 50
  echo "doing fetching the source package"
  apt_get source --download-only --tar-only "$package" | show_download 50 85 || refuse_download
  archive=$(find "$work/get" -name "${package}_*.tar*" ! -name '*.asc' | head -n 1)
  [ -n "$archive" ] || refuse_download
}

# Unpacks the tiles and goes to their folder.
unpack() {
  local tiles
  echo "doing unpacking the tiles"
  tar --no-same-owner --no-same-permissions --wildcards -C "$work/unpacked" -xf "$archive" '*/source/rltiles/*.png' >>"$work/log" 2>&1 || {
    grep -q 'Not found in archive' "$work/log" && ! grep -q 'does not look like' "$work/log" && refuse_content
    fail "the archive “$(basename "$archive")” cannot be unpacked" "install xz-utils if it is missing, $instead"
  }
  tiles=$(find "$work/unpacked" -type d -path '*/source/rltiles' | head -n 1)
  [ -n "$tiles" ] && cd "$tiles" || refuse_content
  find . ! -type d ! \( -type f -size +23c \) -delete
}

refuse_content() {
  fail "the source package holds none of the tiles that are known" "use another version of Debian, $instead"
}

# Moves the tiles of each line of the mapping, those that no line before it took, to CLASS/FOLDER in the folder `sorted`.
sort_tiles() {
  local line words patterns folder pattern files
  shopt -s nullglob globstar # "folder/**/" is the folder and all below it
  while read -r line; do
    read -ra words <<<"${line%%#*}"
    [ "${#words[@]}" = 0 ] && continue
    [ "${#words[@]}" = 1 ] && fail "a line of “$(basename "$mapping")” names no folder: $line" "write class, folder and patterns of names"
    patterns=("${words[@]:2}")
    [ "${#patterns[@]}" = 0 ] && patterns=('*')
    for folder in ${words[1]}/; do
      for pattern in "${patterns[@]}"; do
        files=("$folder"$pattern.png)
        [ -e "${files[0]-}" ] || continue
        if [ "${words[0]}" = - ]; then
          rm -- "${files[@]}"
        else
          mkdir -p "$work/sorted/${words[0]}/$folder" && mv -t "$work/sorted/${words[0]}/$folder" -- "${files[@]}"
        fi
      done
    done
  done <"$mapping"
}

# Leaves only tiles of 32×32: width and height are bytes 16 to 23 of a PNG file.
drop_other_sizes() {
  local files bytes i=0 others=0 version
  cd "$work/sorted" || exit 1
  mapfile -d '' files < <(find . -type f -print0)
  while read -ra bytes; do
    if [ "${bytes[*]:16:8}" != "0 0 0 32 0 0 0 32" ]; then
      rm -- "${files[i]}"
      others=$((others + 1))
    fi
    i=$((i + 1))
  done < <(printf '%s\0' "${files[@]}" | xargs -0r head -qc 24 -- | od -An -v -tu1 -w24)
  [ "$i" -gt "$others" ] || refuse_content
  version=$(basename "$archive")
  version=${version#*_}
  echo "note tiles of Dungeon Crawl Stone Soup ${version%%.orig*}, CC0; left out for another size than 32×32: $others"
}

out=${1:?the folder to make}
[ ! -e "$out" ] || fail "“$out” is there already" "choose a folder that is not there yet"
work=$(mktemp -d -t spritekiln-XXXXXX) || fail "there is no folder for what is downloaded" "make room in the folder for temporary files"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$work"/{parts,lists/partial,cache/archives/partial,get,unpacked,sorted}

echo "doing looking at apt's sources"
copy_sources
fetch
unpack
echo "progress 90"
echo "doing sorting the tiles"
sort_tiles
drop_other_sizes
mv "$work/sorted" "$out" || fail "“$out” cannot be written" "choose another folder"
echo "progress 100"
