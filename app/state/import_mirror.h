#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/state/outgoing.h"
#include "engine/api/event.h"

namespace kiln {

// The window's picture of an import: another project's checkpoint becomes a model file, with what the artist says about it.
class ImportMirror {
 public:
  explicit ImportMirror(Outgoing& outgoing) : outgoing_(outgoing) {}

  void apply(const Event& event);

  // Does nothing while an import is under way. `classes` empty numbers them; `values`: of Catalog::import.
  void start(const std::string& checkpoint, const std::string& out, std::vector<std::string> classes, ParamMap values);

  bool running() const { return job_.has_value(); }
  // Why the last one failed, until the next is started.
  const std::optional<Error>& problem() const { return problem_; }
  // The model file that an import has made, told once; "" if there is no news.
  std::string take_made();

 private:
  Outgoing& outgoing_;
  std::optional<JobId> job_;
  std::optional<Error> problem_;
  std::string out_, made_;
};

// Names separated by commas → a list; blanks around them and empty ones are dropped.
std::vector<std::string> listed_names(const std::string& text);

}  // namespace kiln
