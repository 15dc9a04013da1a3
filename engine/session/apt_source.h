#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/session/child_process.h"

namespace kiln {

// The same archives as in apt's sources, asked for source packages: "deb" becomes "deb-src". `text` is a file of one-line entries,
// or with `deb822` of stanzas. Entries that are switched off are left out.
std::string as_source_entries(const std::string& text, bool deb822);

// Gets the original archive of a Debian source package through the machine's own apt: its sources, keys, proxies. Lists and cache
// lie in a folder of their own, so that nothing of the machine changes, and no rights are needed. In small steps.
class SourcePackageFetch {
 public:
  explicit SourcePackageFetch(std::string package);
  SourcePackageFetch(const SourcePackageFetch&) = delete;
  SourcePackageFetch& operator=(const SourcePackageFetch&) = delete;
  ~SourcePackageFetch();  // takes away all that was fetched

  // False when it is there. Throws Failure: kUnsupported (no apt), kNotFound (no archive named, none reached, no such package).
  bool step();
  // What is being done, and how much of it: 0 … 1.
  const std::string& doing() const { return doing_; }
  double part() const;
  // The archive, until this object ends.
  const std::filesystem::path& archive() const { return archive_; }

 private:
  enum class Stage { kBegin, kSources, kLists, kDownload, kDone };
  void begin();
  void copy_sources(const std::string& places);
  std::vector<std::string> apt_get(const std::vector<std::string>& arguments) const;
  void start(Stage stage, const std::vector<std::string>& arguments, std::string doing);
  [[noreturn]] void refuse() const;
  void find_archive();

  std::string package_;
  std::filesystem::path folder_;
  std::filesystem::path archive_;
  Stage stage_ = Stage::kBegin;
  std::string doing_;
  std::string said_;  // by the programs that have ended
  std::unique_ptr<ChildProcess> child_;
};

}  // namespace kiln
