#pragma once

namespace kiln {

// A linked shader program. Needs a current context for its whole life.
class Shader {
 public:
  // Throws Failure(kInternal) with the driver's log as detail.
  Shader(const char* vertex_source, const char* fragment_source);
  ~Shader();
  Shader(const Shader&) = delete;
  Shader& operator=(const Shader&) = delete;

  void use() const;
  // Where a uniform is set, or -1 if the driver dropped it.
  int uniform(const char* name) const;

 private:
  unsigned id_ = 0;
};

}  // namespace kiln
