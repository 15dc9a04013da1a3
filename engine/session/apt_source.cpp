#include "engine/session/apt_source.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.starts_with(word) && text.size() > word.size() &&
         (text[word.size()] == ' ' || text[word.size()] == '\t' || text[word.size()] == '[');
}

std::string one_line_entries(const std::string& text) {
  std::set<std::string> seen;
  std::string out;
  for (const auto& line : split(text, '\n')) {
    const auto entry = trimmed(std::string_view(line).substr(0, line.find('#')));
    const std::string_view type = starts_with_word(entry, "deb-src") ? "deb-src" : starts_with_word(entry, "deb") ? "deb" : "";
    if (type.empty()) continue;
    const std::string source = "deb-src " + std::string(trimmed(entry.substr(type.size())));
    if (seen.insert(source).second) out += source + "\n";
  }
  return out;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

// One stanza, or nothing if it is switched off or names no packages.
std::string source_stanza(const std::vector<std::string>& lines) {
  std::string out;
  bool packages = false, on = true, in_types = false;
  for (const auto& line : lines) {
    const bool goes_on = line.front() == ' ' || line.front() == '\t';
    if (!goes_on) {
      const std::string field = lower_case(std::string_view(line).substr(0, line.find(':')));
      const auto value = trimmed(std::string_view(line).substr(std::min(line.size(), line.find(':') + 1)));
      in_types = field == "types";
      if (in_types) {
        packages = value.find("deb") != std::string_view::npos;
        out += "Types: deb-src\n";
        continue;
      }
      if (field == "enabled") on = lower_case(value) != "no" && lower_case(value) != "false";
    }
    if (!in_types) out += line + "\n";
  }
  return packages && on ? out + "\n" : std::string();
}

std::string stanzas(const std::string& text) {
  std::string out;
  std::vector<std::string> lines;
  for (const auto& line : split(text + "\n\n", '\n')) {
    if (!line.empty() && line.front() == '#') continue;
    if (!trimmed(line).empty()) {
      lines.push_back(line);
    } else if (!lines.empty()) {
      out += source_stanza(lines);
      lines.clear();
    }
  }
  return out;
}

// The value of NAME='…' as apt-config prints it for a shell.
std::string shell_value(const std::string& text, const std::string& name) {
  const auto at = text.find(name + "='");
  if (at == std::string::npos) return {};
  const auto from = at + name.size() + 2;
  return text.substr(from, text.find('\'', from) - from);
}

std::string last_lines(const std::string& text) { return text.substr(text.size() > 1500 ? text.size() - 1500 : 0); }

}  // namespace

std::string as_source_entries(const std::string& text, bool deb822) { return deb822 ? stanzas(text) : one_line_entries(text); }

SourcePackageFetch::SourcePackageFetch(std::string package) : package_(std::move(package)) {}

SourcePackageFetch::~SourcePackageFetch() {
  child_.reset();
  std::error_code error;
  if (!folder_.empty()) fs::remove_all(folder_, error);
}

double SourcePackageFetch::part() const {
  if (!child_) return 0;
  // apt's own account: "dlstatus:1:20.5:Retrieving file 1 of 3"
  const auto at = child_->output().rfind("dlstatus:");
  if (at == std::string::npos) return 0;
  const auto fields = split(std::string_view(child_->output()).substr(at, 60), ':');
  return fields.size() < 3 ? 0 : std::clamp(parse_real(fields[2]).value_or(0) / 100, 0.0, 1.0);
}

std::vector<std::string> SourcePackageFetch::apt_get(const std::vector<std::string>& arguments) const {
  const std::string folder = folder_.string();
  std::vector<std::string> all = {"apt-get", "-q",
                                  "-o",      "Dir::Etc::sourcelist=" + folder + "/sources.list",
                                  "-o",      "Dir::Etc::sourceparts=" + folder + "/parts",
                                  "-o",      "Dir::State::Lists=" + folder + "/lists",
                                  "-o",      "Dir::Cache=" + folder + "/cache",
                                  "-o",      "Acquire::Languages=none",
                                  "-o",      "Acquire::Retries=1",
                                  "-o",      "Acquire::http::Timeout=30",
                                  "-o",      "APT::Status-Fd=1"};
  if (::geteuid() == 0) all.insert(all.end(), {"-o", "APT::Sandbox::User=root"});
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

void SourcePackageFetch::begin() {
  std::error_code error;
  std::string pattern = (fs::temp_directory_path(error) / "spritekiln-apt-XXXXXX").string();
  if (error || ::mkdtemp(pattern.data()) == nullptr)
    throw Failure(ErrorCode::kUnwritable, "there is no folder for what is downloaded",
                  "make room in the folder for temporary files");
  folder_ = pattern;
  for (const char* name : {"parts", "lists/partial", "cache/archives/partial", "get"}) fs::create_directories(folder_ / name);
}

void SourcePackageFetch::copy_sources(const std::string& places) {
  std::string lines;
  int files = 0;
  const auto copy = [&](const fs::path& path) {
    const bool deb822 = path.extension() == ".sources";
    std::string text;
    try {
      text = read_text(path);
    } catch (const Failure&) {
      return;  // a file that only root may read has passwords in it, not Debian's archive
    }
    const std::string entries = as_source_entries(text, deb822);
    if (entries.empty()) return;
    ++files;
    if (deb822)
      write_file(folder_ / "parts" / path.filename(), entries);
    else
      lines += entries;
  };
  std::error_code error;
  const fs::path list = shell_value(places, "LIST"), parts = shell_value(places, "PARTS");
  if (fs::is_regular_file(list, error)) copy(list);
  for (fs::directory_iterator at(parts, error), end; !error && at != end; at.increment(error)) {
    const std::string ending = at->path().extension().string();
    if (ending == ".list" || ending == ".sources") copy(at->path());
  }
  write_file(folder_ / "sources.list", lines);
  if (files == 0)
    throw Failure(ErrorCode::kNotFound, "no archive is named in this machine's apt configuration",
                  "name a Debian mirror there, or draw the starter set instead");
}

void SourcePackageFetch::start(Stage stage, const std::vector<std::string>& arguments, std::string doing) {
  if (child_) said_ += child_->output();
  child_ = std::make_unique<ChildProcess>(arguments, folder_ / "get");
  stage_ = stage;
  doing_ = std::move(doing);
}

void SourcePackageFetch::refuse() const {
  const std::string all = said_ + (child_ ? child_->output() : "");
  const auto said = [&](const char* words) { return all.find(words) != std::string::npos; };
  const std::string instead = ", or draw the starter set instead";
  if (said("Failed to fetch") || said("Could not resolve") || said("Temporary failure") || said("Could not connect")) {
    throw Failure(ErrorCode::kNotFound, "Debian's archive could not be reached", "check the network" + instead, last_lines(all));
  }
  if (said("Unable to find a source package") || said("You must put some 'deb-src'")) {
    throw Failure(ErrorCode::kNotFound, "the archives that this machine's apt knows have no source package “" + package_ + "”",
                  "name a Debian mirror in apt's sources" + instead, last_lines(all));
  }
  if (said("No space left"))
    throw Failure(ErrorCode::kDiskFull, "there is no room for what is downloaded", "make room in the folder for temporary files",
                  last_lines(all));
  throw Failure(ErrorCode::kNotFound, "apt could not fetch the source package “" + package_ + "”",
                "the log says what it said" + instead, last_lines(all));
}

void SourcePackageFetch::find_archive() {
  for (const auto& entry : fs::directory_iterator(folder_ / "get")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(package_ + "_") && name.find(".tar") != std::string::npos && !name.ends_with(".asc"))
      archive_ = entry.path();
  }
  if (archive_.empty()) refuse();
}

bool SourcePackageFetch::step() {
  if (stage_ == Stage::kDone) return false;
  if (stage_ == Stage::kBegin) {
    begin();
    start(Stage::kSources, {"apt-config", "shell", "LIST", "Dir::Etc::sourcelist/f", "PARTS", "Dir::Etc::sourceparts/d"},
          "looking at apt's sources");
    return true;
  }
  const auto status = child_->poll();
  if (!status) return true;
  if (stage_ == Stage::kSources) {
    if (*status != 0)
      throw Failure(ErrorCode::kUnsupported, "this machine has no apt to fetch Debian's source package with",
                    "do it on a Debian machine, or draw the starter set instead", child_->output());
    copy_sources(child_->output());
    start(Stage::kLists, apt_get({"update"}), "fetching the archive's lists");
  } else if (stage_ == Stage::kLists) {
    // An archive without sources makes this fail and does no harm: what counts is whether the package is found.
    start(Stage::kDownload, apt_get({"source", "--download-only", "--tar-only", package_}), "fetching the source package");
  } else {
    if (*status != 0) refuse();
    find_archive();
    stage_ = Stage::kDone;
    return false;
  }
  return true;
}

}  // namespace kiln
