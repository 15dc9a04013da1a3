#include "engine/api/engine.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

#include "engine/base/error.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;
constexpr const char* kModuleName = "libspritekiln_engine.so";

// SPRITEKILN_ENGINE, else beside the program, else where `make install` puts it.
fs::path module_path() {
  if (const char* given = std::getenv("SPRITEKILN_ENGINE")) return given;
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (fs::exists(folder / kModuleName, error)) return folder / kModuleName;
  return folder.parent_path() / "lib" / "spritekiln" / kModuleName;
}

}  // namespace

std::unique_ptr<Engine> open_engine(const EngineOptions& options) {
  // Waiting OpenMP threads must sleep: spinning ones take the cores from whoever works. Read when OpenMP is loaded.
  setenv("OMP_WAIT_POLICY", "passive", 0);
  const fs::path path = module_path();
  if (!fs::exists(path)) throw Failure(ErrorCode::kNotFound, "the engine is missing: " + path.string(), "install or build Spritekiln again");
  void* module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) throw Failure(ErrorCode::kInternal, "the engine cannot be loaded", "install the packages that the README names", dlerror());
  using Make = Engine* (*)(const EngineOptions&);
  const auto make = reinterpret_cast<Make>(dlsym(module, "spritekiln_make_engine"));
  if (make == nullptr) throw Failure(ErrorCode::kInternal, path.string() + " is not the engine", "install or build Spritekiln again");
  return std::unique_ptr<Engine>(make(options));
}

}  // namespace kiln
