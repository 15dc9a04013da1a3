#pragma once

#include <CLI/App.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "app/cli/engine_runner.h"
#include "app/cli/spec_options.h"

namespace kiln {

// Where sprites are written and how, as told on the command line.
class ExportOptions {
 public:
  static constexpr const char* kGroup = "Sheet";  // of the options that say how

  // `out`: the name, where none is given; empty: it has to be given.
  void add(CLI::App& command, const std::string& out);

  // Throws Failure for what can be seen to be wrong before there are sprites: a name that says no format, a place that cannot be
  // written, files that are there already and are not to be replaced.
  void check() const;

  // Throws unless the cells that are given hold each of so many sprites once.
  void check_cells(std::size_t sprites) const;

  // Throws unless `path` may be written as well: it is not there, or may be replaced.
  void check_file(const std::string& path) const;

  // Writes the sprites, as one animation of that name if it is not empty; the paths of the files. Throws Failure.
  std::vector<std::string> write(EngineRunner& engine, std::vector<Sprite> sprites, std::vector<Rgb8> palette,
                                 const std::string& animation = {}) const;

  // Values of sheet options, and cells, that are not given.
  void propose(ParamMap values, std::vector<int> cells = {}) {
    proposed_ = std::move(values);
    proposed_cells_ = std::move(cells);
  }

  const std::string& out() const { return out_; }
  // The same under another name.
  ExportOptions to(const std::string& out) const {
    ExportOptions other = *this;
    other.out_ = out;
    return other;
  }
  bool force() const { return force_; }
  bool indexed() const;
  int whole(const char* id) const;  // an option's value
  int animation_scale() const;      // of a GIF or an APNG: as --scale says, else 4

 private:
  ParamMap values() const;
  std::vector<int> cells() const;

  std::string out_, cells_;
  bool force_ = false;
  SpecOptions specs_;
  ParamMap proposed_;
  std::vector<int> proposed_cells_;
};

// Of a model file. Throws as opening it does.
ModelInfo model_info(const std::string& model, EngineRunner& engine);

// Throws Failure for names of animations (empty: none) that say no format, are those of `exporting`, or may not be written.
void check_animations(const ExportOptions& exporting, const std::string& gif, const std::string& apng);

// Writes them, laid out as the sheet, of animation_scale(); the paths. A frame stands `frame_ms`, the last one `hold_ms`.
std::vector<std::string> write_animations(const ExportOptions& exporting, EngineRunner& engine, const std::string& gif,
                                          const std::string& apng, const std::vector<Frame>& frames, int frame_ms, int hold_ms);

}  // namespace kiln
