#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/state/notices.h"
#include "app/state/outgoing.h"
#include "engine/api/event.h"

namespace kiln {

// The window's picture of exports: those under way, and what the next one would write.
class ExportMirror {
 public:
  ExportMirror(Outgoing& outgoing, Notices& notices) : outgoing_(outgoing), notices_(notices) {}

  // What a preview holds is taken out of it.
  void apply(Event& event);

  void start(AnyExport what);
  // Of several that are asked for while one is made, the last.
  void preview(AnyExport what);

  bool running() const { return !exports_.empty(); }
  bool is_export(JobId job) const { return exports_.contains(job.value); }
  bool is_preview(JobId job) const { return preview_ && *preview_ == job; }

  // What the newest preview came to, or why that export cannot be.
  const std::optional<ExportPreviewed>& previewed() const { return previewed_; }
  const std::optional<Error>& problem() const { return problem_; }
  bool previewing() const { return preview_.has_value(); }
  std::uint64_t version() const { return version_; }  // another number when they are others

 private:
  void on_end(const JobEnded& event);
  void ask(AnyExport what);

  Outgoing& outgoing_;
  Notices& notices_;
  std::map<std::uint64_t, std::vector<std::string>> exports_;  // files, by job
  std::optional<JobId> preview_;
  std::optional<AnyExport> wanted_;
  std::optional<ExportPreviewed> previewed_;
  std::optional<Error> problem_;
  std::uint64_t version_ = 0;
};

// "sheet.png and sheet.json in /home/artist", "16 files in /home/artist"
std::string files_text(const std::vector<std::string>& files);

}  // namespace kiln
