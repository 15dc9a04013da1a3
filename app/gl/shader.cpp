#include "app/gl/shader.h"

#include <glad/gl.h>

#include <string>

#include "engine/base/error.h"

namespace kiln {
namespace {

[[noreturn]] void fail(const std::string& log) {
  throw Failure(ErrorCode::kInternal, "the graphics driver refused a shader", "update the graphics driver", log);
}

unsigned compile(unsigned type, const char* source) {
  const unsigned shader = glCreateShader(type);
  glShaderSource(shader, 1, &source, nullptr);
  glCompileShader(shader);
  int compiled = 0;
  glGetShaderiv(shader, GL_COMPILE_STATUS, &compiled);
  if (compiled) return shader;
  std::string log(4096, '\0');
  int length = 0;
  glGetShaderInfoLog(shader, static_cast<int>(log.size()), &length, log.data());
  log.resize(static_cast<std::size_t>(length));
  glDeleteShader(shader);
  fail(log);
}

}  // namespace

Shader::Shader(const char* vertex_source, const char* fragment_source) {
  const unsigned vertex = compile(GL_VERTEX_SHADER, vertex_source);
  const unsigned fragment = compile(GL_FRAGMENT_SHADER, fragment_source);
  id_ = glCreateProgram();
  glAttachShader(id_, vertex);
  glAttachShader(id_, fragment);
  glLinkProgram(id_);
  glDeleteShader(vertex);
  glDeleteShader(fragment);
  int linked = 0;
  glGetProgramiv(id_, GL_LINK_STATUS, &linked);
  if (linked) return;
  std::string log(4096, '\0');
  int length = 0;
  glGetProgramInfoLog(id_, static_cast<int>(log.size()), &length, log.data());
  log.resize(static_cast<std::size_t>(length));
  glDeleteProgram(id_);
  fail(log);
}

Shader::~Shader() { glDeleteProgram(id_); }

void Shader::use() const { glUseProgram(id_); }

int Shader::uniform(const char* name) const { return glGetUniformLocation(id_, name); }

}  // namespace kiln
