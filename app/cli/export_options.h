#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "app/cli/engine_runner.h"
#include "app/cli/spec_options.h"

namespace kiln {

// Where sprites are written and how, as told on the command line.
class ExportOptions {
 public:
  // `out`: the name, where none is given; empty: it has to be given.
  void add(CLI::App& command, const std::string& out);

  // Throws Failure for what can be seen to be wrong before there are sprites: a name that says no format, a place that cannot be
  // written, files that are there already and are not to be replaced.
  void check() const;

  // Throws unless `path` may be written as well: it is not there, or may be replaced.
  void check_file(const std::string& path) const;

  // Writes the sprites; the paths of the files. Throws Failure.
  std::vector<std::string> write(EngineRunner& engine, std::vector<Sprite> sprites, std::vector<Rgb8> palette) const;

  const std::string& out() const { return out_; }
  bool force() const { return force_; }
  bool indexed() const;
  int whole(const char* id) const;  // an option's value

 private:
  ParamMap values() const;

  std::string out_;
  bool force_ = false;
  SpecOptions specs_;
};

}  // namespace kiln
